import type { Place } from './symbolic-answer.js';

/**
 * The first field that is asked for though neither the operation nor a representation needs it, and that costs the object it is of where
 * it fails: that the object is there would depend on what nobody asked for.
 */
export function needlessField(place: Place, path = ''): string | undefined {
  for (const type of place.types) {
    for (const [key, { isUsed, isCostly, place: inner }] of place.fieldsOf(type)) {
      if (!isUsed && isCostly) return `${path}.${key} of ${type} is asked for though nothing needs it`;
      // What is not used cannot cost more than itself.
      const problem = isUsed && inner ? needlessField(inner, `${path}.${key}`) : undefined;
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}
