import type { GraphqlClient } from '../../tools/harness/graphql.ts';
import { explainLimit, watchCpu } from '../../tools/harness/process-usage.ts';
import type { Random } from '../../tools/harness/random.ts';
import { waitForQuiet } from '../../tools/harness/sync-status.ts';
import { histogramPercentile, observations, parseHistograms, subtractHistogram, type Histogram } from '../../tools/report/histogram.ts';
import { percentile } from '../../tools/report/percentile.ts';
import { runLoad, type LoadRequest } from '../load/load.ts';
import type { KnownTemplate } from './populate.ts';
import { tokenFor, userId, USERS } from './populate.ts';
import { wrongAnswers, type Measured } from './scenarios.ts';

const METRIC = 'loom_sync_lag_seconds';
/** Of ten writes so many change a text; the others count a use, which changes the template and its user. */
const TEXT_CHANGES_IN_TEN = 7;
const MAX_IN_FLIGHT = 64;
const QUIET_TIMEOUT_MS = 600_000;
const MS = 1_000;

/**
 * Writes at a fixed rate and reads from the gateway's own histogram how long each change took from its commit to each projection. The
 * figure is the slowest projection's. Percentiles are interpolated inside a bucket; the note gives its bounds.
 */
export async function measureSyncLag(options: {
  readonly client: GraphqlClient;
  readonly url: string;
  readonly pid: number;
  readonly known: readonly KnownTemplate[];
  readonly adminToken: string;
  readonly random: Random;
  readonly seconds: number;
  readonly perSecond: number;
  /** Ends the figures' names: `.embedded`, or nothing. */
  readonly suffix: string;
}): Promise<Measured> {
  const { client, url, pid, adminToken, seconds, perSecond, suffix } = options;
  const requests = await createWrites(options);
  const before = await readHistograms(url);
  const cpu = watchCpu(pid);
  const result = await runLoad({ kind: 'open', url: `${url}/graphql`, requests, seconds, perSecond, maxInFlight: MAX_IN_FLIGHT });
  const limit = explainLimit(cpu());
  const { quiet, seconds: quietSeconds, status } = await waitForQuiet(client, { adminToken, timeoutMs: QUIET_TIMEOUT_MS });
  const after = await readHistograms(url);

  const lags = [...after].flatMap(([projection, histogram]) => {
    const during = subtractHistogram(histogram, before.get(projection));
    const p50 = histogramPercentile(during, 0.5);
    const p99 = histogramPercentile(during, 0.99);
    return p50 && p99 ? [{ projection, changes: observations(during), p50, p99 }] : [];
  });
  const slowest = lags.toSorted((a, b) => b.p99.value - a.p99.value || b.p50.value - a.p50.value)[0];
  const deadLetters = status.reduce((sum, one) => sum + one.deadLetters, 0);
  const name = `syncLag${suffix}`;
  return {
    figures: [
      ...(slowest
        ? [
            {
              name: `syncLag.p50Ms${suffix}`,
              value: slowest.p50.value * MS,
              meaning: `commit to ${slowest.projection}, the slowest projection: half of the changes within, ms, at ${perSecond} writes/s sent`,
            },
            { name: `syncLag.p99Ms${suffix}`, value: slowest.p99.value * MS, meaning: 'the same: 99 of 100 within' },
          ]
        : []),
      {
        name: `syncLag.writesPerSecond${suffix}`,
        value: result.perSecond,
        meaning: `writes per second that were answered, of ${perSecond} sent`,
      },
      {
        name: `syncLag.writeP95Ms${suffix}`,
        value: percentile(result.latenciesMs, 0.95),
        meaning: 'the writes themselves: 95 of 100 answered within, ms from when due',
      },
      { name: `syncLag.quietSeconds${suffix}`, value: quietSeconds, meaning: 'from the last write until nothing was owed' },
    ],
    notes: [
      `${name} by projection, p50/p99 ms [bucket of p99]: ${lags.map(({ projection, changes, p50, p99 }) => `${projection} ${ms(p50.value)}/${ms(p99.value)} [${ms(p99.from)}–${ms(p99.to)}] of ${changes}`).join(', ')}`,
      `${name} while writing: ${limit}`,
    ],
    failures: [
      ...wrongAnswers(name, result),
      ...(quiet ? [] : [`${name}: projections still owed records after ${QUIET_TIMEOUT_MS / MS} s`]),
      ...(deadLetters === 0 ? [] : [`${name}: ${deadLetters} dead letters`]),
      ...(slowest ? [] : [`${name}: the gateway's metrics show no change that reached a projection`]),
    ],
  };
}

async function createWrites({
  known,
  random,
  seconds,
  perSecond,
}: {
  known: readonly KnownTemplate[];
  random: Random;
  seconds: number;
  perSecond: number;
}): Promise<LoadRequest[]> {
  const admin = await tokenFor('bench-admin', ['admin']);
  const users = await Promise.all(Array.from({ length: USERS }, (_, number) => tokenFor(userId(number))));
  const update = 'mutation BenchUpdate($input: UpdateTemplateInput!) { updateTemplate(input: $input) { template { id revision } } }';
  const use = 'mutation BenchUse($id: ID!) { useTemplate(templateId: $id) { usageCount } }';
  return Array.from({ length: seconds * perSecond }, (_, index) => {
    const template = random.pick(known);
    return random.integer(1, 10) <= TEXT_CHANGES_IN_TEN
      ? {
          body: JSON.stringify({
            query: update,
            variables: { input: { id: template.id, description: `${template.description} (${index})` } },
          }),
          token: admin,
        }
      : { body: JSON.stringify({ query: use, variables: { id: template.id } }), token: random.pick(users) };
  });
}

async function readHistograms(url: string): Promise<Map<string, Histogram>> {
  const answer = await fetch(`${url}/metrics`);
  if (!answer.ok) throw new Error(`${url}/metrics answered ${answer.status}.`);
  return parseHistograms(await answer.text(), METRIC, 'projection');
}

const ms = (seconds: number): string => (seconds === Infinity ? '∞' : (seconds * MS).toFixed(0));
