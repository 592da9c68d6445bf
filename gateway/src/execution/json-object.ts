/** Key of what is noted of an object that stands at several places, and only of such. No text of a subgraph can be a symbol. */
export const SHARED: unique symbol = Symbol('shared');

/** One object of an answer that is being put together. */
export type JsonObject = Record<string, unknown> & { [SHARED]?: SharedObject };

/** What is done once for an object, at however many places it stands. */
export interface SharedObject {
  /** The walk that went through it last, see `collect-objects.ts`. */
  walk: number;
  /** The projection that wrote it last, see `answer/compile-projection.ts`, and the text. */
  by: number;
  text: string;
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

/** Not the key that would set a prototype. */
export function isDataKey(key: string): boolean {
  return key !== '__proto__';
}
