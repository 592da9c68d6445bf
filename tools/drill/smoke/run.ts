import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signDevelopmentToken } from '@loomgraph/auth';
import { startGateway, TOKEN_SECRET, type GatewayOptions, type GatewayProcess } from '../../harness/gateway-process.ts';
import { createGraphqlClient, type GraphqlClient } from '../../harness/graphql.ts';
import { createRandom, type Random } from '../../harness/random.ts';
import { storesEnv } from '../../harness/store-env.ts';
import { readStoreVersions } from '../../harness/store-versions.ts';
import { waitForQuiet } from '../../harness/sync-status.ts';
import { createNamespace, dropNamespace } from '../../namespace/index.ts';
import type { RunContext } from '../../report/command.ts';
import type { RunOptions, StoresKind } from '../../report/options.ts';
import type { Outcome } from '../../report/outcome.ts';
import { percentile } from '../../report/percentile.ts';
import { checkRecord, type Violation } from './check-record.ts';
import { checkSearch } from './check-search.ts';
import { checkTargets, type TargetReport } from './check-targets.ts';
import type { Divergence } from './compare-projection.ts';
import { GatewayGate } from './gateway-gate.ts';
import { Journal } from './journal.ts';
import { readRecord } from './read-record.ts';
import { runWriter, type Known } from './writer.ts';

const KILLS = 20;
const SHORT_KILLS = 5;
const WRITERS = 6;
const CATEGORIES = 4;
/** A kill comes this long after the writers went on. */
const KILL_AFTER_MS = { from: 150, to: 3_000 };
/** Leases of killed processes last up to a minute, and what they held is delivered after that. */
const QUIET_TIMEOUT_MS = 240_000;
/** Events that a killed process held go out when its lease has run out (`shared/sync`); the embedded record frees it at the next start. */
const PUBLISHER_LEASE_MS = { embedded: 0, real: 60_000 };
const SHOWN = 20;

/** Kills the gateway again and again while it is written to, then asks whether everything it acknowledged is there and everywhere. */
export async function runSmokeDrill(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const kind = options.stores[0] ?? 'embedded';
  const stores = storesEnv(kind);
  const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-drill-'));
  const namespace = kind === 'real' ? createNamespace('drill') : undefined;
  let keepData = true; // until it is known that nothing is wrong
  resources.defer(async () => {
    const where = namespace === undefined ? dataDir : `${dataDir} and namespace ${namespace}`;
    if (keepData) return say(`the data is kept: ${where}`);
    await rm(dataDir, { recursive: true, force: true });
    if (namespace !== undefined) await dropNamespace(stores, namespace);
  });
  const gatewayOptions: GatewayOptions = { stores, dataDir, ...(namespace === undefined ? {} : { namespace }) };
  const random = createRandom(options.seed);
  const journal = new Journal();

  const written = await writeAndKill({ gatewayOptions, random, journal, kills: options.short ? SHORT_KILLS : KILLS, resources, say });
  const lag = await settle({ ...written, kind, say });
  const client = written.client;
  const recorded = await readRecord(client);
  const violations = checkRecord(journal.entries, recorded);
  const deletedSlugs = journal.entries
    .filter(({ kind: write, outcome }) => write === 'delete' && outcome === 'acknowledged')
    .map(({ slug }) => slug);
  const search = await checkSearch(client, { recorded, deletedSlugs, random: random.fork('search') });
  client[Symbol.dispose]();
  await written.gateway.stop();
  say('the gateway has stopped; comparing every store with the record');
  const targets = await checkTargets({ stores, dataDir, namespace });

  const divergences = [...search.divergences, ...targets.divergences];
  const failures = [...describeViolations(violations), ...describeDivergences(divergences), ...leftovers(lag, targets)];
  keepData = failures.length > 0;
  const { recoveries, writeSeconds } = written;
  return {
    figures: [
      {
        name: 'kills',
        value: recoveries.length,
        meaning: `kill -9 of the gateway while ${WRITERS} clients wrote (${kind} stores, seed ${options.seed})`,
      },
      { name: 'acknowledged', value: journal.count('acknowledged'), meaning: 'writes the clients were told had happened' },
      { name: 'lost', value: violations.length, meaning: 'acknowledged writes the record does not hold, or holds wrongly' },
      {
        name: 'diverged',
        value: divergences.length,
        meaning: 'documents of vectors, graph, cache or search that are not what the record gives',
      },
      { name: 'unknown', value: journal.count('unknown'), meaning: 'writes in flight at a kill: they may have happened or not' },
      { name: 'deadLetters', value: targets.deadLetters, meaning: 'records that no projection could take' },
      { name: 'compared', value: targets.compared + search.searches, meaning: 'documents compared and searches made at the end' },
      {
        name: 'write.perSecond',
        value: journal.count('acknowledged') / writeSeconds,
        meaning: 'acknowledged writes per second of the gateway being up',
      },
      { name: 'recovery.p50Seconds', value: percentile(recoveries, 0.5), meaning: 'from a kill to the ready line of the next process' },
      { name: 'recovery.maxSeconds', value: Math.max(...recoveries), meaning: 'the longest of these' },
      { name: 'quiet.seconds', value: lag.seconds, meaning: 'from the last write until no projection owed anything' },
    ],
    notes: [`seconds of each recovery: ${recoveries.map((seconds) => seconds.toFixed(1)).join(', ')}`],
    failures,
    versions: await readStoreVersions(stores),
  };
}

interface Written {
  readonly gateway: GatewayProcess;
  readonly client: GraphqlClient;
  readonly adminToken: string;
  readonly recoveries: readonly number[];
  /** How long a gateway was up to be written to. */
  readonly writeSeconds: number;
  readonly lastStartAt: number;
}

async function writeAndKill(options: {
  readonly gatewayOptions: GatewayOptions;
  readonly random: Random;
  readonly journal: Journal;
  readonly kills: number;
  readonly resources: AsyncDisposableStack;
  say(line: string): void;
}): Promise<Written> {
  const { gatewayOptions, random, journal, kills, resources, say } = options;
  const tokenFor = (userId: string, roles: readonly string[]) =>
    signDevelopmentToken({ secret: TOKEN_SECRET, userId, roles, ttlSeconds: 86_400 });
  const adminToken = await tokenFor('drill-admin', ['admin']);
  const moments = random.fork('kills');
  const gate = new GatewayGate();

  let gateway = await startGateway(gatewayOptions);
  resources.defer(() => gateway.kill());
  say(`gateway ready after ${gateway.startSeconds.toFixed(1)} s, process ${gateway.pid}`);
  let client = createGraphqlClient(gateway.url);
  const categoryIds = await createCategories(client, adminToken);
  const known: Known[] = [];
  gate.open(client);
  let openedAt = performance.now();
  let writeMs = 0;
  const writers = Array.from({ length: WRITERS }, async (_, number) => {
    const userId = `drill-user-${number}`;
    const token = await tokenFor(userId, []);
    await runWriter({
      number,
      userId,
      token,
      random: random.fork(`writer ${number}`),
      journal,
      known,
      categoryIds,
      client: () => gate.client(),
    });
  });
  // A writer that fails is a fault of the drill: it ends here, not as an unhandled rejection.
  const faults: unknown[] = [];
  const ended = Promise.all(writers.map((writer) => writer.catch((error: unknown) => faults.push(error))));

  const recoveries: number[] = [];
  for (let kill = 1; kill <= kills; kill++) {
    await sleep(moments.integer(KILL_AFTER_MS.from, KILL_AFTER_MS.to));
    const killedAt = performance.now();
    const killed = gateway.kill();
    gate.close();
    await killed;
    writeMs += killedAt - openedAt;
    client[Symbol.dispose]();
    gateway = await startGateway(gatewayOptions);
    const seconds = (performance.now() - killedAt) / 1_000;
    recoveries.push(seconds);
    say(
      `kill ${kill} of ${kills}: back after ${seconds.toFixed(1)} s; ${journal.count('acknowledged')} writes acknowledged, ${journal.count('unknown')} unknown`,
    );
    client = createGraphqlClient(gateway.url);
    gate.open(client);
    openedAt = performance.now();
  }
  // The last process is written to as well, and lives.
  await sleep(KILL_AFTER_MS.to);
  gate.end();
  await ended;
  if (faults.length > 0) throw new AggregateError(faults, 'A writer of the drill failed.');
  writeMs += performance.now() - openedAt;
  return { gateway, client, adminToken, recoveries, writeSeconds: writeMs / 1_000, lastStartAt: openedAt };
}

async function createCategories(client: GraphqlClient, token: string): Promise<string[]> {
  const query = 'mutation ($input: CreateTemplateCategoryInput!) { createTemplateCategory(input: $input) { category { id } } }';
  const ids: string[] = [];
  for (let number = 0; number < CATEGORIES; number++) {
    const input = { slug: `drill-${number}`, name: `Drill ${number}` };
    ids.push(
      (await client.run<{ createTemplateCategory: { category: { id: string } } }>({ query, variables: { input }, token }))
        .createTemplateCategory.category.id,
    );
  }
  return ids;
}

/** Waits until everything is delivered, events included. */
async function settle(options: Written & { kind: StoresKind; say(line: string): void }): Promise<{ quiet: boolean; seconds: number }> {
  const { client, adminToken, lastStartAt, kind, say } = options;
  say('writers have ended; waiting until no projection owes anything');
  const { quiet, seconds } = await waitForQuiet(client, {
    adminToken,
    timeoutMs: QUIET_TIMEOUT_MS,
    onProgress: (owed) => say(`  ${owed} records to go`),
  });
  const sinceStart = performance.now() - lastStartAt;
  await sleep(Math.max(1_000, PUBLISHER_LEASE_MS[kind] + 2_000 - sinceStart));
  return { quiet, seconds };
}

function describeViolations(violations: readonly Violation[]): string[] {
  return shortened(
    violations.map(({ slug, id, problem }) => `lost: template ${slug}${id === undefined ? '' : ` (${id})`}: ${problem}`),
    'lost',
  );
}

function describeDivergences(divergences: readonly Divergence[]): string[] {
  return shortened(
    divergences.map(({ projection, id, kind, detail }) => `diverged: ${projection} ${id} is ${kind}: ${detail}`),
    'diverged',
  );
}

function leftovers(lag: { quiet: boolean }, targets: TargetReport): string[] {
  return [
    ...(lag.quiet ? [] : [`projections still owed records after ${QUIET_TIMEOUT_MS / 1_000} s`]),
    ...(targets.outboxRows === 0 ? [] : [`${targets.outboxRows} rows are left in the outbox`]),
    ...(targets.deliveryRows === 0 ? [] : [`${targets.deliveryRows} deliveries are left`]),
    ...(targets.deadLetters === 0 ? [] : [`${targets.deadLetters} dead letters`]),
  ];
}

function shortened(lines: readonly string[], what: string): string[] {
  return lines.length <= SHOWN ? [...lines] : [...lines.slice(0, SHOWN), `${what}: ${lines.length - SHOWN} more`];
}
