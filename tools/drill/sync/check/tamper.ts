import { Redis } from 'ioredis';
import neo4j from 'neo4j-driver';
import { Client } from 'pg';

/** Ids by projection. */
export type Collateral = ReadonlyMap<string, readonly string[]>;

export const NO_COLLATERAL: Collateral = new Map();

/** Ways to damage the documents of one target past the engine. */
export interface Tamper {
  /** They are gone. Undefined where a target may forget. @returns documents that are damaged by it, by projection */
  readonly lose?: (ids: readonly string[]) => Promise<Collateral>;
  /** They are of an older revision. */
  readonly age: (ids: readonly string[]) => Promise<void>;
  /** Their content is another, and nothing says so. */
  readonly damage: (ids: readonly string[]) => Promise<void>;
}

/** Tampers with a collection of vectors in PostgreSQL. `table` is a pattern of `like`: the table's name carries its version. */
export function tamperVectors(url: string, table: string): Tamper {
  const run = async (change: (name: string) => string, ids: readonly string[]): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.columns
         where column_name = 'checksum' and table_name like $1`,
        [table],
      );
      if (rows.length === 0) throw new Error(`No collection like ${table} was found.`);
      for (const { name } of rows) await client.query(`${change(name)} where id = any($1)`, [ids]);
    } finally {
      await client.end();
    }
  };
  return {
    lose: async (ids) => {
      await run((name) => `delete from ${name}`, ids);
      return NO_COLLATERAL;
    },
    age: (ids) => run((name) => `update ${name} set revision = revision - 1`, ids),
    damage: (ids) => run((name) => `update ${name} set title = 'tampered with'`, ids),
  };
}

const PROJECTION_OF_LABEL = { Template: 'template-graph', Category: 'category-graph', User: 'user-graph' } as const;

/** Tampers with the nodes of a label in Neo4j. */
export function tamperGraph(url: string, label: string): Tamper {
  const { protocol, username, password, host } = new URL(url);
  const run = async <Row>(change: string, ids: readonly string[]): Promise<Row[]> => {
    const driver = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password));
    try {
      const { records } = await driver.executeQuery(
        `MATCH (n:\`${label}\`) WHERE n.id IN $ids ${change.startsWith('MATCH') ? `WITH n ${change}` : change}`,
        { ids },
      );
      return records.map((record) => record.toObject() as Row);
    } finally {
      await driver.close();
    }
  };
  return {
    // Edges that point at a node are its neighbours' own: they are damaged, too.
    async lose(ids) {
      const collateral = new Map<string, string[]>();
      for (const [owner, projection] of Object.entries(PROJECTION_OF_LABEL)) {
        const owners = await run<{ id: string }>(`MATCH (o:\`${owner}\`)-->(n) WHERE NOT o.id IN $ids RETURN DISTINCT o.id AS id`, ids);
        collateral.set(
          projection,
          owners.map(({ id }) => id),
        );
      }
      await run('DETACH DELETE n', ids);
      return collateral;
    },
    age: async (ids) => void (await run('SET n._revision = n._revision - 1', ids)),
    damage: async (ids) => void (await run("SET n.name = 'tampered with'", ids)),
  };
}

/** Tampers with entries of the cache in Redis. `pattern` finds the keys of ids: `*v:template:` say. */
export function tamperCache(url: string, pattern: string): Tamper {
  const run = async (change: (header: string[], text: string) => string, ids: readonly string[]): Promise<void> => {
    const redis = new Redis(url);
    try {
      for (const id of ids) {
        const [key] = await redis.keys(`${pattern}${id}`);
        const raw = key === undefined ? null : await redis.get(key);
        if (key === undefined || raw === null) throw new Error(`No cache entry of ${id} was found.`);
        const end = raw.indexOf('\n');
        await redis.set(key, change(raw.slice(0, end).split('\t'), raw.slice(end + 1)), 'KEEPTTL');
      }
    } finally {
      redis.disconnect();
    }
  };
  return {
    age: (ids) => run(([kind = '', revision = '', ...rest], text) => `${[kind, Number(revision) - 1, ...rest].join('\t')}\n${text}`, ids),
    damage: (ids) => run((header, text) => `${header.join('\t')}\n${text.replace('"name":"', '"name":"tampered ')}`, ids),
  };
}
