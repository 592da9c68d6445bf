import type { EntityManager } from '@mikro-orm/sql';
import type { Projection } from './define-projection.js';
import { fingerprint } from './fingerprint.js';

export interface RecordToProject {
  readonly id: string;
  /** The highest revision the engine heard of: a record that is gone leaves a tombstone with it. */
  readonly revision: number;
}

/**
 * Brings the target up to date for these records: loads their current state, derives, applies fenced by revision; those that are gone
 * leave tombstones. Running it twice, late or out of order changes nothing.
 * @throws whatever `load`, `derive` or the target throw, for the batch as a whole
 */
export async function project(projection: Projection, records: readonly RecordToProject[], em: EntityManager): Promise<void> {
  const { definition, versionKey } = projection;
  const loaded = await definition.load(
    records.map((record) => record.id),
    em,
  );
  const present = new Set(loaded.map((document) => document.id));
  const gone = records.filter((record) => !present.has(record.id));
  if (loaded.length > 0) {
    const documents = loaded.map((document) => {
      const content = definition.derive(document.value);
      return { id: document.id, revision: document.revision, fingerprint: fingerprint(versionKey, content), content };
    });
    await definition.target.apply(documents);
  }
  if (gone.length > 0) await definition.target.remove(gone.map(({ id, revision }) => ({ id, revision })));
}
