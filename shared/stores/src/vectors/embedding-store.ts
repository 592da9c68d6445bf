import type { SqlDatabase } from '../postgres/port.js';
import { ensureSchema } from '../postgres/schema.js';
import { quoted } from '../postgres/values.js';

/**
 * Embeddings by the content they were made of, kept where the documents are: a rebuild asks no model for text it has seen. A key ends in the content's
 * hash; what stands before its last `/` names the model. Single precision, as embeddings are. It may forget at any time.
 */
export interface EmbeddingTable {
  /** In the order of the keys; undefined where there is none. */
  getMany(keys: readonly string[]): Promise<readonly (readonly number[] | undefined)[]>;
  setMany(entries: readonly { readonly key: string; readonly vector: readonly number[] }[]): Promise<void>;
  /** Forgets the embeddings of every model but these, a slice at a time. @returns how many */
  keepModels(models: readonly string[], limit: number): Promise<number>;
}

const TABLE = 'embedding';

/** Opens the table of a schema, creating it when it is not there. @throws StoreError */
export async function openEmbeddingTable({
  database,
  schema,
}: {
  readonly database: SqlDatabase;
  readonly schema: string;
}): Promise<EmbeddingTable> {
  const name = `${quoted(schema)}.${quoted(TABLE)}`;
  await ensureSchema(database, {
    schema,
    table: TABLE,
    statements: [
      `CREATE TABLE IF NOT EXISTS ${name} (model text COLLATE "C", hash text COLLATE "C", vector bytea NOT NULL, PRIMARY KEY (model, hash))`,
    ],
  });
  return {
    async getMany(keys) {
      if (keys.length === 0) return [];
      const { rows } = await database.query<{ position: number; vector: string }>(
        `SELECT k.position::int AS position, encode(e.vector, 'base64') AS vector
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k (model, hash, position) JOIN ${name} e ON e.model = k.model AND e.hash = k.hash`,
        [keys.map((key) => parts(key).model), keys.map((key) => parts(key).hash)],
      );
      const found: (readonly number[] | undefined)[] = keys.map(() => undefined);
      for (const { position, vector } of rows) found[position - 1] = toNumbers(vector);
      return found;
    },
    async setMany(entries) {
      if (entries.length === 0) return;
      const rows = entries.map(({ key, vector }) => ({ ...parts(key), vector: toBase64(vector) }));
      await database.query(
        `INSERT INTO ${name} (model, hash, vector)
           SELECT DISTINCT ON (model, hash) model, hash, decode(vector, 'base64') FROM json_to_recordset($1::json) AS r (model text, hash text, vector text)
           ORDER BY model, hash ON CONFLICT DO NOTHING`,
        [JSON.stringify(rows)],
      );
    },
    async keepModels(models, limit) {
      const { affected } = await database.query(
        `DELETE FROM ${name} WHERE (model, hash) IN (SELECT model, hash FROM ${name} WHERE model <> ALL($1::text[]) LIMIT $2)`,
        [models, limit],
      );
      return affected;
    },
  };
}

function parts(key: string): { readonly model: string; readonly hash: string } {
  const cut = key.lastIndexOf('/');
  return { model: key.slice(0, cut), hash: key.slice(cut + 1) };
}

/** Little-endian, as every machine that runs this is. */
const toBase64 = (vector: readonly number[]): string => Buffer.from(Float32Array.from(vector).buffer).toString('base64');

function toNumbers(base64: string): number[] {
  const bytes = Buffer.from(base64, 'base64');
  // A copy: a slice of the pool need not begin at a multiple of four.
  return Array.from(new Float32Array(new Uint8Array(bytes).buffer));
}
