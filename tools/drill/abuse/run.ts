import { storesEnv } from '../../harness/store-env.ts';
import { readStoreVersions } from '../../harness/store-versions.ts';
import { createNamespace, dropNamespace } from '../../namespace/index.ts';
import { chooseNamed } from '../../report/choose-named.ts';
import type { RunContext } from '../../report/command.ts';
import type { RunOptions, StoresKind } from '../../report/options.ts';
import type { Outcome } from '../../report/outcome.ts';
import { percentile } from '../../report/percentile.ts';
import type { AbuseCase } from './abuse-case.ts';
import type { Topology } from './finding.ts';
import { checkFixtures } from './attack/fixtures.ts';
import { allCases } from './cases/all.ts';
import { openInstallation, type Installation } from './installation.ts';
import { attackAgain, runCase, type CaseResult } from './run-case.ts';
import { createCrashLog, type CrashLog } from './watch/crash-log.ts';
import { growthOf, type Round } from './watch/growth.ts';
import { readVitals } from './watch/vitals.ts';

const ROUNDS = { full: 12, short: 4 };
/** Cases that take longer are sent once: in rounds they would take the time, not the memory. */
const REPEATED_SECONDS = { full: 3, short: 0.35 };
/** Growth of the heap, trend over all rounds, that is still noise. */
const GROWTH_ALLOWED_MB = 12;
const SHOWN = 60;

/** Attacks the product with everything that was published against GraphQL gateways: each case refused, each legitimate form let through. */
export async function runAbuseDrill(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const kind = options.stores[0] ?? 'embedded';
  const stores = storesEnv(kind);
  const results: CaseResult[] = [];
  const rounds: Round[] = [];
  const broken: string[] = [];

  for (const topology of ['one process', 'apart'] as const) {
    const cases = casesOf(options, topology, kind);
    if (cases.length === 0) continue;
    const namespace = kind === 'real' ? createNamespace('abuse') : undefined;
    if (namespace !== undefined) resources.defer(async () => void (await dropNamespace(stores, namespace)));
    const crashLog = createCrashLog();
    await using opened = new AsyncDisposableStack();
    const installation = await openInstallation({ topology, stores, namespace, seed: options.seed, crashLog, resources: opened });
    say(`${topology}: ready, ${cases.length} cases`);
    results.push(...(await runAll(cases, installation, { crashLog, say })));
    if (installation.ended().length > 0) continue;
    broken.push(...(await checkFixtures(installation.url, installation.fixtures)));
    if (topology === 'one process' && options.onlyCases === undefined) {
      rounds.push(...(await repeat({ cases, results, installation, say, short: options.short })));
      broken.push(...crashLog.since());
    }
    await installation.stop().catch((error: Error) => broken.push(error.message));
  }
  return { ...outcomeOf({ results, rounds, broken, kind, seed: options.seed }), versions: await readStoreVersions(stores) };
}

/**
 * Subgraphs in processes of their own are attacked with everything where they share stores, and do so as in production; on embedded stores, of which each has
 * its own, and in the short form with what is about them. @throws Error for a name that no case has
 */
function casesOf({ onlyCases, short }: RunOptions, topology: Topology, stores: StoresKind): readonly AbuseCase[] {
  const wanted = chooseNamed(allCases, onlyCases, 'case');
  return wanted.filter(({ on }) => on === topology || (on === undefined && (topology === 'one process' || (!short && stores === 'real'))));
}

async function runAll(
  cases: readonly AbuseCase[],
  installation: Installation,
  { crashLog, say }: { readonly crashLog: CrashLog; say(line: string): void },
): Promise<readonly CaseResult[]> {
  const results: CaseResult[] = [];
  for (const one of cases) {
    const result = await runCase(one, installation, { crashLog });
    const outcome = result.finding ?? (result.crashes.length > 0 ? result.crashes.join('; ') : undefined);
    say(
      `${outcome === undefined ? 'refused    ' : 'NOT REFUSED'} ${one.name} (${result.seconds.toFixed(1)} s)${outcome === undefined ? '' : `: ${outcome}`}`,
    );
    results.push({ ...result, name: installation.topology === 'apart' ? `${one.name} (apart)` : one.name });
    if (installation.ended().length > 0) break;
  }
  return results;
}

/** Sends what can be sent again, and looks at memory after each round. */
async function repeat(options: {
  readonly cases: readonly AbuseCase[];
  readonly results: readonly CaseResult[];
  readonly installation: Installation;
  readonly short: boolean;
  say(line: string): void;
}): Promise<readonly Round[]> {
  const { cases, results, installation, short, say } = options;
  const atMost = short ? REPEATED_SECONDS.short : REPEATED_SECONDS.full;
  const quick = cases.filter(
    ({ name, repeats = true }) =>
      repeats && results.some((result) => result.name === name && result.seconds < atMost && result.finding === undefined),
  );
  const rounds: Round[] = [];
  using heap = await installation.openHeap();
  for (let round = 1; round <= (short ? ROUNDS.short : ROUNDS.full); round++) {
    let findings = 0;
    for (const one of quick) {
      const finding = await attackAgain(one, installation);
      if (finding === undefined) continue;
      findings++;
      say(`round ${round}: ${one.name}: ${finding}`);
    }
    const heapMb = await heap.read();
    const { rssMb } = await readVitals(installation.url);
    rounds.push({ cases: quick.length, findings, heapMb, rssMb });
    say(`round ${round}: ${quick.length} cases, heap ${heapMb.toFixed(1)} MB, resident ${rssMb.toFixed(0)} MB`);
  }
  return rounds;
}

function outcomeOf(found: {
  readonly results: readonly CaseResult[];
  readonly rounds: readonly Round[];
  readonly broken: readonly string[];
  readonly kind: string;
  readonly seed: number;
}): Outcome {
  const { results, rounds, broken, kind, seed } = found;
  const isRefused = ({ finding, crashes }: CaseResult): boolean => finding === undefined && crashes.length === 0;
  const crashes = results.flatMap(({ name, crashes }) => crashes.map((crash) => `crash by ${name}: ${crash}`));
  const durations = results.flatMap(({ durationsMs }) => durationsMs);
  const slowest = results.toSorted((a, b) => b.blockedMs - a.blockedMs).slice(0, 3);
  const growth = growthOf(rounds);
  const findings = results.flatMap(({ name, finding }) => (finding === undefined ? [] : [`not refused: ${name}: ${finding}`]));
  const inRounds = rounds.reduce((sum, { findings }) => sum + findings, 0);
  return {
    figures: [
      { name: 'cases', value: results.length, meaning: `hostile requests, each a named case (${kind} stores, seed ${seed})` },
      {
        name: 'refused',
        value: results.filter(isRefused).length,
        meaning: 'of these refused as the case says, with their legitimate form let through',
      },
      { name: 'crashes', value: crashes.length, meaning: 'processes that ended, faults nobody caught, errors nobody foresaw' },
      {
        name: 'refusal.p99Ms',
        value: percentile(durations, 0.99) || 0,
        meaning: `the 99th percentile of the time of an answer to them, of ${durations.length}`,
      },
      {
        name: 'blocked.maxMs',
        value: Math.max(0, ...results.map(({ blockedMs }) => blockedMs)),
        meaning: "the longest that the gateway's event loop stood still",
      },
      {
        name: 'memory.growthMb',
        value: growth,
        meaning: `growth of the collected heap over ${rounds.length} rounds of repeated attacks, by its trend`,
      },
      { name: 'memory.rssMb', value: rounds.at(-1)?.rssMb ?? 0, meaning: "the gateway's resident memory after them" },
    ],
    notes: [
      `the event loop stood still longest in: ${slowest.map(({ name, blockedMs }) => `${name} (${blockedMs.toFixed(0)} ms)`).join(', ')}`,
      ...(rounds.length === 0 ? [] : [`heap after each round, MB: ${rounds.map(({ heapMb }) => heapMb.toFixed(1)).join(', ')}`]),
    ],
    failures: [
      ...findings.slice(0, SHOWN),
      ...crashes,
      ...broken,
      ...(inRounds === 0 ? [] : [`${inRounds} attacks that were refused at first passed when they were repeated`]),
      ...(growth > GROWTH_ALLOWED_MB ? [`the heap grew by ${growth.toFixed(1)} MB over the rounds; ${GROWTH_ALLOWED_MB} are allowed`] : []),
    ],
  };
}
