import { createHash } from 'node:crypto';

/** A version key as part of a name: of a table, a key prefix, a delivery. Eight hex digits; a projection has a handful of versions in its life. */
export function versionHash(versionKey: string): string {
  return createHash('sha256').update(versionKey).digest('hex').slice(0, 8);
}

/** The name that deliveries to a version carry while it is built beside the one that serves reads. */
export function buildName(projection: string, versionKey: string): string {
  return `${projection}@${versionHash(versionKey)}`;
}
