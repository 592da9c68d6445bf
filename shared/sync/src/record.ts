import type { EntitySchema } from '@mikro-orm/core';

/**
 * A record type of a system of record whose committed changes the sync engine captures.
 * The entity needs one primary key and a version property: its value is the record's revision.
 */
export interface RecordType {
  /** The name projections and dead letters use; usually the GraphQL type's. */
  readonly type: string;
  readonly entity: EntitySchema<never>;
  /** Name of the primary key's property. */
  readonly key: string;
  /** Name of the property that holds the revision. */
  readonly revision: string;
}

/** @throws Error when the entity has no single primary key or no version property. */
export function defineRecord(type: string, entity: unknown): RecordType {
  const schema = entity as EntitySchema<never>; // entity schemas differ in their row type, which nothing here reads
  const { meta } = schema.init();
  const [key, ...others] = meta.primaryKeys as readonly string[];
  if (key === undefined || others.length > 0) throw new Error(`Record ${type} needs exactly one primary key.`);
  const revision = Object.values<{ name: string; version?: boolean }>(meta.properties).find((property) => property.version)?.name;
  if (revision === undefined) throw new Error(`Record ${type} needs a version property: without revisions nothing can be fenced.`);
  return { type, entity: schema, key, revision };
}
