/** A copy of length 1 in single precision; undefined when the length is zero or not finite. */
export function toUnitVector(components: ArrayLike<number>): number[] | undefined {
  let squares = 0;
  for (let index = 0; index < components.length; index += 1) squares += (components[index] ?? 0) ** 2;
  const length = Math.sqrt(squares);
  if (length === 0 || !Number.isFinite(length)) return undefined;
  return Array.from(components, (component) => Math.fround(component / length));
}

/** The vector of a text that says nothing: along the first axis, and so near to no other text in particular. */
export function blankVector(dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, axis) => (axis === 0 ? 1 : 0));
}

/** Cosine of the angle between two unit vectors, from -1 to 1. */
export function cosineSimilarity(a: readonly number[], b: readonly number[]): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
