export type Path = readonly (string | number)[];

/**
 * The outermost null on the way to a place: where the failure of a field shows, since a null in a non-null position moves up.
 * Undefined when there is none: then no error belongs at this place.
 */
export function findNull(data: unknown, path: Path): Path | undefined {
  let current = data;
  for (let depth = 0; depth <= path.length; depth++) {
    if (current === null) return path.slice(0, depth);
    const key = path[depth];
    if (key === undefined || typeof current !== 'object') return undefined;
    current = (current as Record<string | number, unknown>)[key]; // any key may be read from an object or list
  }
  return undefined;
}
