import { expect, it } from '@jest/globals';
import type { SqlDatabase } from '../postgres/index.js';
import { axis, newName, template } from './contract.fixture.js';
import type { VectorCollection, VectorIndex } from './port.js';

export interface CorruptionContract {
  readonly database: () => SqlDatabase;
  readonly schema: string;
  readonly create: (collection: VectorCollection) => Promise<VectorIndex>;
}

/** What SQL behind the index's back does to its documents (clause 9), and what a table of before fences and checksums is (clauses 1, 9). */
export function describeCorruption({ database, schema, create }: CorruptionContract): void {
  const newCollection = (): VectorCollection => ({
    name: newName(),
    dimensions: 8,
    embeddings: { content: { indexed: true }, title: { indexed: false } },
    attributes: { category: 'text', tags: 'text[]', rating: 'number', free: 'boolean' },
  });

  it('9. sees each column that was changed, and nothing else', async () => {
    const collection = newCollection();
    await using index = await create(collection);
    const table = `"${schema}"."${collection.name}"`;
    const changes = [
      `fingerprint = 'other'`,
      `model = 'other'`,
      `title = 'Other'`,
      `title_key = 'other'`,
      `title_words = ' other'`,
      `text = 'Other'`,
      `words = ''::tsvector`,
      `e_content = '[1,0,0,0,0,0,0,0.0000001]'`,
      `e_content = NULL`,
      `e_title = e_content`,
      `a_category = NULL`,
      `a_tags = '{x}'`,
      `a_rating = a_rating + 1e-12`,
      `a_free = NOT a_free`,
      `id = id || '-moved'`,
    ];
    const full = { title: 'A title', text: 'a text', attributes: { category: 'c', tags: ['x', 'y'], rating: 1 / 3, free: true } };
    const documents = changes.map((_, at) => template(`d${String(at).padStart(2, '0')}`, { ...full, embeddings: { content: axis(0) } }));
    await index.upsert([...documents, template('z-whole', full)]);
    for (const [at, change] of changes.entries()) {
      await database().query(`UPDATE ${table} SET ${change} WHERE id = $1`, [documents[at]?.id]);
    }
    const seen = (await index.scan({ limit: 99, verify: true })).map(({ id, intact }) => [id.slice(0, 3), intact]);
    expect(seen).toEqual([...documents.map(({ id }) => [id, false]), ['z-w', true]]);
    const damaged = documents[3]?.id ?? '';
    const repaired = await index.upsert([template(damaged, { ...full, replaces: { revision: 1, fence: 0 } })]);
    expect([repaired, await index.entries([damaged], { verify: true })]).toMatchObject([['applied'], [{ intact: true }]]);
  });

  it('9. does not know of documents from before checksums, and fences and verifies them once they are written', async () => {
    const collection = newCollection();
    const table = `"${schema}"."${collection.name}"`;
    await database().script(`CREATE SCHEMA IF NOT EXISTS "${schema}"; CREATE TABLE ${table} (
      id text COLLATE "C" PRIMARY KEY, revision bigint NOT NULL, fingerprint text NOT NULL, deleted boolean NOT NULL,
      model text NOT NULL, title text NOT NULL, title_key text NOT NULL, title_words text NOT NULL,
      text text NOT NULL, words tsvector NOT NULL, updated_at timestamptz NOT NULL DEFAULT now(), e_content vector(8), e_title vector(8));
      INSERT INTO ${table} (id, revision, fingerprint, deleted, model, title, title_key, title_words, text, words)
      SELECT id, 3, 'f-' || id, false, 'm', 'Old', 'old', ' old', 'old', ''::tsvector FROM unnest('{a,b}'::text[]) AS id`);
    await using index = await create(collection);
    const old = { revision: 3, fence: 0, deleted: false };
    expect(await index.entries(['a', 'b'], { verify: true })).toEqual([
      { id: 'a', fingerprint: 'f-a', ...old },
      { id: 'b', fingerprint: 'f-b', ...old },
    ]);
    expect(await index.advance([{ id: 'a', revision: 3, fence: 2, fingerprint: 'f-a' }])).toEqual(['advanced']);
    const writes = ['a', 'b'].map((id) => template(id, { revision: 3, fence: 1, fingerprint: 'new' }));
    expect(await index.upsert(writes)).toEqual(['fenced', 'applied']);
    const [a, b] = await index.scan({ limit: 9, verify: true });
    expect(a).toEqual({ id: 'a', fingerprint: 'f-a', ...old, fence: 2 });
    expect(b).toMatchObject({ fence: 1, intact: true });
  });
}
