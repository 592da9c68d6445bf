import { LoomError } from '@loomgraph/core';
import type { SchemaDefinition } from '../postgres/schema.js';
import { isIdentifier, quoted } from '../postgres/values.js';
import type { VectorCollection } from './port.js';

/** pgvector indexes `vector` up to 2,000 dimensions and `halfvec` up to 4,000, https://github.com/pgvector/pgvector#hnsw */
const MAX_INDEXED_VECTOR = 2_000;
const MAX_INDEXED_HALFVEC = 4_000;
const MAX_DIMENSIONS = 16_000;

const attributeTypes = { text: 'text', number: 'double precision', boolean: 'boolean', 'text[]': 'text[]' } as const;

export interface CollectionTable {
  readonly collection: VectorCollection;
  readonly schema: string;
  /** Quoted and qualified. */
  readonly name: string;
  readonly embeddings: readonly { readonly field: string; readonly column: string; readonly indexed: boolean }[];
  readonly attributes: readonly { readonly field: string; readonly column: string; readonly type: string }[];
  /** The expression the HNSW index is on, for a column or parameter. */
  operand(expression: string): string;
}

/**
 * Lays a collection out as a table.
 * @throws LoomError CONFIG_INVALID when it cannot be one.
 */
export function toCollectionTable(collection: VectorCollection, options: { schema: string; approximate: boolean }): CollectionTable {
  const { name, dimensions, embeddings, attributes } = collection;
  for (const identifier of [options.schema, name, ...Object.keys(embeddings), ...Object.keys(attributes)]) {
    if (!isIdentifier(identifier))
      throw new LoomError('CONFIG_INVALID', `Vector collection ${name}: "${identifier}" is not an identifier.`);
  }
  const anyIndexed = options.approximate && Object.values(embeddings).some(({ indexed }) => indexed);
  const most = anyIndexed ? MAX_INDEXED_HALFVEC : MAX_DIMENSIONS;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > most) {
    throw new LoomError('CONFIG_INVALID', `Vector collection ${name}: ${dimensions} dimensions; 1 to ${most} can be held.`);
  }
  return {
    collection,
    schema: options.schema,
    name: `${quoted(options.schema)}.${quoted(name)}`,
    embeddings: Object.entries(embeddings).map(([field, { indexed }]) => ({
      field,
      column: quoted(`e_${field}`),
      indexed: indexed && options.approximate,
    })),
    attributes: Object.entries(attributes).map(([field, type]) => ({ field, column: quoted(`a_${field}`), type: attributeTypes[type] })),
    operand: (expression) => (dimensions > MAX_INDEXED_VECTOR ? `(${expression}::halfvec(${dimensions}))` : expression),
  };
}

/** The DDL of a collection: safe to repeat, extends an older table by new embeddings and attributes. */
export function collectionSchema(table: CollectionTable): SchemaDefinition {
  const { collection, schema, name, operand } = table;
  const vectorType = `vector(${collection.dimensions})`;
  const halved = operand('x') !== 'x';
  const index = (suffix: string, using: string): string =>
    `CREATE INDEX IF NOT EXISTS ${quoted(`${collection.name}_${suffix}`.slice(0, 63))} ON ${name} USING ${using}`;
  return {
    schema,
    table: collection.name,
    extensions: ['vector', 'pg_trgm'],
    statements: [
      // Ids compare by bytes, so `scan` pages the same way on every server, whatever its locale.
      `CREATE TABLE IF NOT EXISTS ${name} (
        id text COLLATE "C" PRIMARY KEY, revision bigint NOT NULL, fingerprint text NOT NULL, deleted boolean NOT NULL,
        model text NOT NULL, title text NOT NULL, title_key text NOT NULL, title_words text NOT NULL,
        text text NOT NULL, words tsvector NOT NULL, updated_at timestamptz NOT NULL DEFAULT now())`,
      // Tables of before these were: their documents have fence 0, and no checksum until they are written again.
      `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS fence bigint NOT NULL DEFAULT 0`,
      `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS checksum bytea`,
      ...table.embeddings.map(({ column }) => `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS ${column} ${vectorType}`),
      ...table.attributes.map(({ column, type }) => `ALTER TABLE ${name} ADD COLUMN IF NOT EXISTS ${column} ${type}`),
      index('tombstones', 'btree (updated_at) WHERE deleted'),
      index('words', 'gin (words)'),
      index('title_key', 'gin (title_key gin_trgm_ops)'),
      index('title_words', 'gin (title_words gin_trgm_ops)'),
      ...table.attributes.flatMap(({ field, column, type }) => {
        if (type === 'boolean') return [];
        // Hash for text: only equality is asked for, and a B-tree refuses values over 2,700 bytes.
        return [index(`a_${field}`, type === 'text[]' ? `gin (${column})` : type === 'text' ? `hash (${column})` : `btree (${column})`)];
      }),
      ...table.embeddings
        .filter(({ indexed }) => indexed)
        .map(({ field, column }) =>
          index(`e_${field}`, `hnsw (${operand(column)} ${halved ? 'halfvec' : 'vector'}_cosine_ops) WITH (m = 16, ef_construction = 128)`),
        ),
    ],
    verify: async (transaction) => {
      const { rows } = await transaction.query<{ name: string; type: string }>(
        `SELECT quote_ident(attname) AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
          WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
        [name],
      );
      const actual = new Map(rows.map((row) => [row.name.replaceAll('"', ''), row.type.replace(/^.*\./, '')]));
      for (const { column, type } of [...table.embeddings.map(({ column }) => ({ column, type: vectorType })), ...table.attributes]) {
        const found = actual.get(column.replaceAll('"', ''));
        if (found !== type) {
          throw new LoomError(
            'CONFIG_INVALID',
            `Vector collection ${collection.name}: column ${column} is ${found}, ${type} is configured. Give the collection another name.`,
          );
        }
      }
    },
  };
}
