/** One object of an answer that is being put together. */
export type JsonObject = Record<string, unknown>;

/**
 * Key of the text an object was written as, see `answer/compile-projection.ts`. Not a GraphQL name, so no field can take it. Only
 * objects that stand at several places have it.
 */
export const WRITTEN = '$written';

export interface Written {
  /** Which projection wrote it. */
  readonly by: number;
  readonly text: string;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A deep copy of JSON values. */
export function copyJson(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson);
  const copy: JsonObject = {};
  for (const key in value) if (isDataKey(key)) copy[key] = copyJson((value as JsonObject)[key]);
  return copy;
}

/** Neither our own mark nor the key that would set a prototype. */
export function isDataKey(key: string): boolean {
  return key !== WRITTEN && key !== '__proto__';
}
