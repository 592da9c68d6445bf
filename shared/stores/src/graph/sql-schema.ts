import type { SchemaDefinition } from '../postgres/schema.js';
import { quoted } from '../postgres/values.js';

export interface GraphTables {
  readonly schema: string;
  /** Quoted and qualified. */
  readonly nodes: string;
  readonly edges: string;
}

export function graphTables(schema: string, namespace: string): GraphTables {
  const table = (name: string): string => `${quoted(schema)}.${quoted(prefixed(namespace, name))}`;
  return { schema, nodes: table('nodes'), edges: table('edges') };
}

/** Edges refer to nodes by key and not by foreign key: an edge may be written before the node it points at. */
export function graphSchema(schema: string, namespace: string): SchemaDefinition {
  const { nodes, edges } = graphTables(schema, namespace);
  return {
    schema,
    table: prefixed(namespace, 'nodes'),
    statements: [
      `CREATE TABLE IF NOT EXISTS ${nodes} (
        label text COLLATE "C" NOT NULL, id text COLLATE "C" NOT NULL, revision bigint NOT NULL, fingerprint text NOT NULL,
        deleted boolean NOT NULL, properties jsonb NOT NULL, updated_at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (label, id))`,
      `CREATE TABLE IF NOT EXISTS ${edges} (
        from_label text COLLATE "C" NOT NULL, from_id text COLLATE "C" NOT NULL, type text COLLATE "C" NOT NULL,
        to_label text COLLATE "C" NOT NULL, to_id text COLLATE "C" NOT NULL, weight double precision NOT NULL, properties jsonb NOT NULL,
        PRIMARY KEY (from_label, from_id, type, to_label, to_id))`,
      // Tables of before these were: their nodes have fence 0, and no checksum until they are written again.
      `ALTER TABLE ${nodes} ADD COLUMN IF NOT EXISTS fence bigint NOT NULL DEFAULT 0`,
      `ALTER TABLE ${nodes} ADD COLUMN IF NOT EXISTS owned text[] NOT NULL DEFAULT '{}'`,
      `ALTER TABLE ${nodes} ADD COLUMN IF NOT EXISTS checksum bytea`,
      `CREATE INDEX IF NOT EXISTS ${quoted(prefixed(namespace, 'nodes_tombstones'))} ON ${nodes} (label, updated_at) WHERE deleted`,
      `CREATE INDEX IF NOT EXISTS ${quoted(prefixed(namespace, 'edges_to'))} ON ${edges} (to_label, to_id, type, from_label, from_id)`,
    ],
  };
}

function prefixed(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}_${name}`;
}
