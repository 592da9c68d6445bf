import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Projection } from '../projection/define-projection.js';
import { fingerprint } from '../projection/fingerprint.js';
import type { Expectation, Observation } from './classify.js';

/**
 * How deep an audit looks. `revisions`: whether each record has a document of its revision; costs two keys per record. `fingerprints`: also whether
 * the document is what the record derives to now, so what changed without a revision is found; costs a load and a derivation. `content`: also
 * whether the target still holds what was written; the target reads each document.
 */
export type AuditDepth = 'revisions' | 'fingerprints' | 'content';

/** Reads records and then their documents, in this order: what the target shows is at least as new as what is expected of it. */
export async function observe(
  store: RelationalStore,
  projection: Projection,
  ids: readonly string[],
  depth: AuditDepth,
): Promise<readonly Observation[]> {
  const expected = await expectationsOf(store, projection, ids);
  return withEntries(projection, ids, expected, depth);
}

/** The same where what is expected is known already. */
export async function withEntries(
  projection: Projection,
  ids: readonly string[],
  expected: ReadonlyMap<string, Expectation>,
  depth: AuditDepth,
): Promise<readonly Observation[]> {
  const entries = await projection.definition.target.entries(ids, { verify: depth === 'content' });
  const byId = new Map(entries.flatMap((entry) => (entry ? [[entry.id, entry]] : [])));
  return ids.map((id) => ({ id, expected: expected.get(id), entry: byId.get(id) }));
}

/** What the records derive to now; those that are gone are left out. The entities live as long as this call. */
export async function expectationsOf(
  store: RelationalStore,
  { definition, versionKey }: Projection,
  ids: readonly string[],
): Promise<Map<string, Expectation>> {
  const documents = await definition.load(ids, store.read());
  return new Map(
    documents.map(({ id, revision, value }) => [id, { revision, fingerprint: fingerprint(versionKey, definition.derive(value)) }]),
  );
}
