import { systemClock } from '@loomgraph/core';
import { createStoreSet } from '@loomgraph/stores';
import { auditMigration, createAuditLog, type AuditFact, type AuditLog } from '@loomgraph/subgraph-accounts';
import { OutboxRow } from '@loomgraph/sync';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storesEnv } from '../../harness/store-env.ts';
import { createNamespace, dropNamespace } from '../../namespace/index.ts';
import type { RunContext } from '../../report/command.ts';
import type { RunOptions, StoresKind } from '../../report/options.ts';
import { mergeOutcomes, type Figure, type Outcome } from '../../report/outcome.ts';
import { plantings } from './plantings.ts';

const FULL = 100_000;
const SHORT = 5_000;
const ANCHOR_EVERY = 10_000;
const AT_ONCE = 100;
/** Single entries in transactions of their own, from this many writers. */
const WRITERS = 8;
const SINGLE = 1_000;

/** Fills an audit log, measures it, then edits, deletes, inserts, moves, rewrites and cuts off behind its back: verification must say what and where. */
export async function runAuditDrill({ short, stores }: RunOptions, context: RunContext): Promise<Outcome> {
  const outcomes: Outcome[] = [];
  for (const kind of stores) outcomes.push(await runOn(kind, short ? SHORT : FULL, context));
  return mergeOutcomes(outcomes);
}

async function runOn(kind: StoresKind, rows: number, { resources, say }: RunContext): Promise<Outcome> {
  const env = storesEnv(kind);
  const namespace = createNamespace('audit');
  const dataDir = await mkdtemp(join(tmpdir(), 'loom-audit-'));
  resources.defer(async () => {
    await rm(dataDir, { recursive: true, force: true });
    if (kind === 'real') await dropNamespace({ MYSQL_URL: env['MYSQL_URL'] }, namespace);
  });
  const stores = resources.use(
    createStoreSet({
      urls: { ...(env['MYSQL_URL'] ? { relational: env['MYSQL_URL'] } : {}), ...(env['S3_URL'] ? { s3: env['S3_URL'] } : {}) },
      dataDir,
      namespace,
      objects: { publicUrl: 'http://127.0.0.1/objects', secret: namespace.padEnd(32, 'x') },
    }),
  );
  const store = await stores.relational({ name: 'audit', entities: [OutboxRow], migrations: [auditMigration] });
  await store.migrate();
  const log = createAuditLog({
    store,
    objects: () => stores.objects(),
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
    prefix: `${namespace}/audit`,
  });
  const append = (facts: readonly AuditFact[]): Promise<void> => store.transaction((em) => log.in(em).append(...facts));

  say(`${kind}: ${SINGLE} single entries from ${WRITERS} writers`);
  const singleMs = await timed(async () => {
    let next = 0;
    const write = async (): Promise<void> => {
      while (next < SINGLE) await append([fact(next++)]);
    };
    await Promise.all(Array.from({ length: WRITERS }, write));
  });
  say(`${kind}: ${rows - SINGLE} entries in batches of ${AT_ONCE}, anchored every ${ANCHOR_EVERY}`);
  const batchMs = await timed(async () => {
    for (let from = SINGLE; from < rows; from += AT_ONCE) {
      await append(Array.from({ length: Math.min(AT_ONCE, rows - from) }, (_, index) => fact(from + index)));
      if ((from + AT_ONCE) % ANCHOR_EVERY === 0) await log.anchoring.anchor();
    }
  });
  await log.anchoring.anchor();

  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);
  let clean: Awaited<ReturnType<AuditLog['verifier']['verify']>> | undefined;
  const verifyMs = await timed(async () => {
    clean = await log.verifier.verify();
  });
  clearInterval(watch);

  const failures: string[] = [];
  if (!clean?.intact || clean.checked !== rows)
    failures.push(`${kind}: a log that nobody touched is said to have ${clean?.found} findings in ${clean?.checked} of ${rows} entries`);
  const figures: Figure[] = [
    {
      name: `append.single.perSecond.${kind}`,
      value: SINGLE / (singleMs / 1_000),
      meaning: `entries a second, one a transaction, ${WRITERS} writers at once`,
    },
    {
      name: `append.batch.perSecond.${kind}`,
      value: (rows - SINGLE) / (batchMs / 1_000),
      meaning: `entries a second, ${AT_ONCE} a transaction`,
    },
    { name: `verify.rows.${kind}`, value: clean?.checked ?? 0, meaning: 'entries verified' },
    { name: `verify.seconds.${kind}`, value: verifyMs / 1_000, meaning: 'to verify all of them, and the anchors' },
    { name: `verify.memoryMb.${kind}`, value: (peak - before) / 2 ** 20, meaning: 'by which the process grew at most meanwhile' },
  ];
  let found = 0;
  for (const planting of plantings(rows)) {
    say(`${kind}: ${planting.name}`);
    await planting.plant(store);
    const { findings, intact } = await log.verifier.verify();
    const texts = findings.map(({ kind: what, from, to }) => `${what} ${from}-${to}`);
    if (!intact && texts.join() === planting.expected.join()) found += 1;
    else failures.push(`${kind}: ${planting.name}: expected ${planting.expected.join(', ')}; found ${texts.join(', ') || 'nothing'}`);
    await planting.undo(store);
  }
  const again = await log.verifier.verify();
  if (!again.intact) failures.push(`${kind}: after everything was put back there are ${again.found} findings`);
  figures.push(
    { name: `planted.${kind}`, value: plantings(rows).length, meaning: 'kinds of tampering tried' },
    { name: `found.${kind}`, value: found, meaning: 'of them found, exactly where they were' },
  );
  return {
    figures,
    notes: [`${kind}: ${rows} entries; records as the database has them were changed by statements of their own`],
    failures,
  };
}

function fact(index: number): AuditFact {
  return {
    actor: { userId: `user-${index % 997}`, sessionId: `session-${index % 4_999}`, address: '203.0.113.0/24' },
    action: 'users.login',
    resource: { type: 'User', id: `user-${index % 997}` },
    outcome: index % 10 === 0 ? 'failed' : 'allowed',
    ...(index % 10 === 0 ? { reason: 'wrong-password' } : {}),
    occurredAt: new Date(),
    requestId: `request-${index}`,
    details: { index },
  };
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
