import { createStoreSet } from '@loomgraph/stores';
import { fingerprint } from '@loomgraph/sync';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { StoresEnv } from '../../harness/store-env.ts';
import { compareProjection, type Divergence, type ExpectedDocument, type TargetEntry } from './compare-projection.ts';
import { openProjections, type AuditedProjection } from './projections.ts';

const PAGE = 200;

export interface TargetReport {
  readonly divergences: readonly Divergence[];
  /** Documents compared, over all projections. */
  readonly compared: number;
  /** Rows that should not be there any more once everything is quiet. */
  readonly outboxRows: number;
  readonly deliveryRows: number;
  readonly deadLetters: number;
}

/** Opens the stores of a gateway that has ended and compares every target with what its records give now. */
export async function checkTargets(options: {
  readonly stores: StoresEnv;
  readonly dataDir: string;
  readonly namespace: string | undefined;
}): Promise<TargetReport> {
  const { stores: env, dataDir, namespace } = options;
  const urls = { relational: env['MYSQL_URL'], postgres: env['POSTGRES_URL'], neo4j: env['NEO4J_URL'], redis: env['REDIS_URL'] };
  await using stores = createStoreSet({
    urls: Object.fromEntries(Object.entries(urls).filter(([, url]) => url !== undefined)),
    dataDir,
    ...(namespace === undefined ? {} : { namespace }),
  });
  const { record, projections } = await openProjections(stores, { withCache: urls.redis !== undefined });
  return await compareTargets(record, projections); // before the stores close
}

/** Compares every target with what its records give now. */
export async function compareTargets(record: RelationalStore, projections: readonly AuditedProjection[]): Promise<TargetReport> {
  const divergences: Divergence[] = [];
  let compared = 0;
  for (const audited of projections) {
    const expected = await expectedDocuments(record, audited);
    divergences.push(...compareProjection(audited.projection.name, expected, await scanAll(audited)));
    compared += expected.length;
  }
  return {
    divergences,
    compared,
    outboxRows: await countRows(record, 'outbox', '1 = 1'),
    deliveryRows: await countRows(record, 'delivery', `state = 'pending'`),
    deadLetters: await countRows(record, 'delivery', `state = 'dead'`),
  };
}

async function expectedDocuments(
  record: RelationalStore,
  { projection, table, repeatable }: AuditedProjection,
): Promise<ExpectedDocument[]> {
  const rows = await record
    .read()
    .execute<{ id: string; revision: number }[]>(`select id, revision from ${record.table(table)} order by id`);
  const documents: ExpectedDocument[] = [];
  for (let start = 0; start < rows.length; start += PAGE) {
    const page = rows.slice(start, start + PAGE);
    if (!repeatable) {
      documents.push(...page.map(({ id, revision }) => ({ id, revision: revision })));
      continue;
    }
    const { definition, versionKey } = projection;
    const sources = await definition.load(
      page.map(({ id }) => id),
      record.read(),
    );
    documents.push(
      ...sources.map(({ id, revision, value }) => ({ id, revision, fingerprint: fingerprint(versionKey, definition.derive(value)) })),
    );
  }
  return documents;
}

async function scanAll({ projection }: AuditedProjection): Promise<TargetEntry[]> {
  const entries: TargetEntry[] = [];
  for (;;) {
    const after = entries.at(-1)?.id;
    const page = await projection.definition.target.scan({ limit: PAGE, ...(after === undefined ? {} : { after }) });
    entries.push(...page);
    if (page.length < PAGE) return entries;
  }
}

async function countRows(record: RelationalStore, table: string, condition: string): Promise<number> {
  const [row] = await record
    .read()
    .execute<{ n: number | string }[]>(`select count(*) as n from ${record.table(table)} where ${condition}`);
  return Number(row?.n ?? 0);
}
