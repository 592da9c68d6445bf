import { OutboxRow } from '@loomgraph/sync';
import { Redis } from 'ioredis';
import neo4j from 'neo4j-driver';
import { Pool } from 'pg';
import type { RunningDeployment } from '../support/deploy.js';
import type { Deployment } from '../support/deployments.js';

/** Changes the stores of a deployment without the product, as a stray script or a restored backup would. */
export interface BehindTheBack extends AsyncDisposable {
  /** A statement on the templates' system of record; names of tables are given as `{template}`, parameters as `?`. */
  record<Row>(sql: string, parameters?: readonly (string | number)[]): Promise<readonly Row[]>;
  /** A statement on the table of the vectors that serve, which is `{vectors}`. */
  vectors(sql: string): Promise<void>;
  loseVector(id: string): Promise<void>;
  damageVector(id: string): Promise<void>;
  loseNode(id: string): Promise<void>;
  damageNode(id: string): Promise<void>;
  /** False where the cache is a process's own memory, which nobody else can change. */
  damageCached(id: string): Promise<boolean>;
}

/** What both kinds of deployment offer: SQL without parameters, since ids of tests hold no quotes. */
type Run = (sql: string) => Promise<readonly Record<string, unknown>[]>;

export async function goBehindTheBack(app: RunningDeployment, { stores }: Deployment): Promise<BehindTheBack> {
  await using opened = new AsyncDisposableStack();
  const store = await app.stores.relational({ name: 'templates', entities: [OutboxRow], migrations: [] });
  const postgres = stores['POSTGRES_URL'] ? await openPostgres(stores['POSTGRES_URL'], opened) : undefined;
  const run: Run = postgres ?? ((sql) => store.transaction((em) => em.execute(sql)));
  const prefix = postgres ? `${app.namespace}_` : '';
  const [table] = await run(
    `select table_name as name from information_schema.tables where table_schema = '${prefix}vectors' and table_name like 'templates_%'`,
  );
  const vectorTable = `"${prefix}vectors"."${String(table?.['name'])}"`;
  const vectors = async (sql: string): Promise<void> => void (await run(sql.replaceAll('{vectors}', vectorTable)));
  const graph = stores['NEO4J_URL'] ? openNeo4j(stores['NEO4J_URL'], app.namespace, opened) : sqlNodes(run, prefix);
  const redis = stores['REDIS_URL'] ? new Redis(stores['REDIS_URL']) : undefined;
  opened.defer(async () => void (await redis?.quit()));
  const resources = opened.move();
  return {
    record: (sql, parameters = []) =>
      store.transaction((em) =>
        em.execute(
          sql.replaceAll(/\{(\w+)\}/g, (_, name: string) => store.table(name)),
          [...parameters],
        ),
      ),
    vectors,
    loseVector: (id) => vectors(`delete from {vectors} where id = '${id}'`),
    damageVector: (id) => vectors(`update {vectors} set title = 'nobody wrote this' where id = '${id}'`),
    ...graph,
    async damageCached(id) {
      if (!redis) return false;
      const [key] = await redis.keys(`${app.namespace}_*v:templates:record:*${id}`);
      if (key === undefined) throw new Error(`No entry of ${id} is cached.`);
      await redis.set(key, ((await redis.get(key)) as string).replace('Corrupt', 'cORRUPT'), 'KEEPTTL'); // the key was found above
      return true;
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function openPostgres(url: string, opened: AsyncDisposableStack): Promise<Run> {
  const pool = new Pool({ connectionString: url, max: 1 });
  opened.defer(() => pool.end());
  return async (sql) => (await pool.query<Record<string, unknown>>(sql)).rows;
}

type Nodes = Pick<BehindTheBack, 'loseNode' | 'damageNode'>;

function openNeo4j(url: string, namespace: string, opened: AsyncDisposableStack): Nodes {
  const { username, password, protocol, host } = new URL(url);
  const driver = neo4j.driver(`${protocol}//${host}`, password ? neo4j.auth.basic(username, password) : undefined);
  opened.defer(() => driver.close());
  const node = `(n:\`${namespace}_Template\` {id: $id})`;
  return {
    loseNode: async (id) => void (await driver.executeQuery(`match ${node} detach delete n`, { id })),
    damageNode: async (id) => void (await driver.executeQuery(`match ${node} set n.name = 'nobody wrote this'`, { id })),
  };
}

function sqlNodes(run: Run, prefix: string): Nodes {
  const where = (id: string): string => `where label = 'Template' and id = '${id}'`;
  const nodes = `"${prefix}graph"."nodes"`;
  return {
    loseNode: async (id) => void (await run(`delete from ${nodes} ${where(id)}`)),
    damageNode: async (id) => void (await run(`update ${nodes} set properties = '{"name": "nobody wrote this"}' ${where(id)}`)),
  };
}
