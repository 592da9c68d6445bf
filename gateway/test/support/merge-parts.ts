import type { GraphQLFormattedError } from 'graphql';

type Path = readonly (string | number)[];

/** A payload of an answer in parts, as far as tests look into it. */
export interface Payload {
  readonly data?: unknown;
  readonly errors?: readonly GraphQLFormattedError[];
  readonly pending?: readonly { readonly id: string; readonly path: Path; readonly label?: string }[];
  readonly incremental?: readonly {
    readonly id: string;
    readonly subPath?: Path;
    readonly data: Record<string, unknown>;
    readonly errors?: readonly GraphQLFormattedError[];
  }[];
  readonly completed?: readonly { readonly id: string; readonly errors?: readonly GraphQLFormattedError[] }[];
  readonly hasNext: boolean;
}

export interface Merged {
  readonly data: unknown;
  readonly errors: readonly GraphQLFormattedError[];
  /** Of fragments that failed as a whole. */
  readonly failedPaths: readonly Path[];
}

/** All payloads of an answer, when they have come. */
export async function readPayloads(parts: AsyncIterable<string>): Promise<readonly Payload[]> {
  const payloads: Payload[] = [];
  for await (const text of parts) payloads.push(JSON.parse(text));
  return payloads;
}

/** Puts the parts together as a client does. Throws where they break the format, or where a field is sent twice. */
export function mergeParts(payloads: readonly Payload[]): Merged {
  const [first] = payloads;
  if (first === undefined || !('data' in first)) throw new Error('The first payload has no data.');
  const open = new Map<string, Path>();
  const seen = new Set<string>();
  const data = structuredClone(first.data);
  const errors = [...(first.errors ?? [])];
  const failedPaths: Path[] = [];
  const pathOf = (id: string): Path => {
    const path = open.get(id);
    if (path === undefined) throw new Error(`The id ${id} is not pending.`);
    return path;
  };

  payloads.forEach((payload, index) => {
    for (const { id, path } of payload.pending ?? []) {
      if (seen.has(id)) throw new Error(`The id ${id} is used twice.`);
      if (!isObject(valueAt(data, path)) && index === 0) throw new Error(`There is no object at ${JSON.stringify(path)}.`);
      seen.add(id);
      open.set(id, path);
    }
    for (const { id, subPath = [], data: added, errors: raised = [] } of payload.incremental ?? []) {
      const path = [...pathOf(id), ...subPath];
      const target = valueAt(data, path);
      if (!isObject(target)) throw new Error(`There is no object at ${JSON.stringify(path)}.`);
      for (const [key, value] of Object.entries(structuredClone(added))) {
        if (Object.hasOwn(target, key)) throw new Error(`${JSON.stringify([...path, key])} is sent twice.`);
        Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
      }
      errors.push(...raised);
    }
    for (const { id, errors: raised } of payload.completed ?? []) {
      const path = pathOf(id);
      open.delete(id);
      if (raised === undefined) continue;
      if (raised.length === 0) throw new Error('A fragment failed without an error.');
      failedPaths.push(path);
      errors.push(...raised);
    }
    if (payload.hasNext !== index < payloads.length - 1) throw new Error(`Payload ${index} says hasNext: ${payload.hasNext}.`);
    if (payload.hasNext && open.size === 0) throw new Error(`Nothing is pending after payload ${index}, which has a next one.`);
  });
  if (open.size > 0) throw new Error(`Still pending at the end: ${[...open.keys()].join(', ')}.`);
  return { data, errors, failedPaths };
}

function valueAt(data: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | null | undefined)?.[key], data); // lists by index
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
