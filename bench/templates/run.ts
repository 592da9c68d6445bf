import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGateway } from '../../tools/harness/gateway-process.ts';
import { createGraphqlClient } from '../../tools/harness/graphql.ts';
import { rssMb } from '../../tools/harness/process-usage.ts';
import { createRandom } from '../../tools/harness/random.ts';
import { storesEnv, type StoresEnv } from '../../tools/harness/store-env.ts';
import { readStoreVersions } from '../../tools/harness/store-versions.ts';
import { waitForQuiet } from '../../tools/harness/sync-status.ts';
import { createNamespace, dropNamespace } from '../../tools/namespace/index.ts';
import type { RunContext } from '../../tools/report/command.ts';
import type { RunOptions, StoresKind } from '../../tools/report/options.ts';
import { mergeOutcomes, type Figure, type Outcome } from '../../tools/report/outcome.ts';
import { checkAnswers } from './check-answers.ts';
import { generateTemplates } from './generator.ts';
import { populate, tokenFor } from './populate.ts';
import { createRequests, measureAlone, measureMixed, type Measured } from './scenarios.ts';
import { measureSyncLag } from './sync-lag.ts';

/** What a busy installation writes, and what one process with everything embedded is for. */
const CHANGES_PER_SECOND: Record<StoresKind, number> = { real: 200, embedded: 10 };
const QUIET_TIMEOUT_MS = 1_800_000;

interface Size {
  readonly templates: number;
  /** Of each measurement. */
  readonly seconds: number;
}
const FULL: Size = { templates: 10_000, seconds: 20 };
const SHORT: Size = { templates: 400, seconds: 3 };

/** Reads and sync lag over many templates, on each kind of stores in turn. */
export async function runTemplatesBench(options: RunOptions, context: RunContext): Promise<Outcome> {
  // All URLs first: a missing store is to be said before the embedded half has run for minutes.
  const kinds = options.stores.map((kind) => ({ kind, stores: storesEnv(kind) }));
  const outcomes: Outcome[] = [];
  for (const { kind, stores } of kinds) outcomes.push(await runOn(kind, stores, options, context));
  return mergeOutcomes(outcomes);
}

async function runOn(kind: StoresKind, stores: StoresEnv, options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const size = options.short ? SHORT : FULL;
  const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-bench-'));
  const namespace = kind === 'real' ? createNamespace('bench') : undefined;
  const removeData = once(async () => {
    await rm(dataDir, { recursive: true, force: true });
    if (namespace !== undefined) await dropNamespace(stores, namespace);
  });
  resources.defer(removeData);
  const gateway = await startGateway({ stores, dataDir, ...(namespace === undefined ? {} : { namespace }) });
  resources.use(gateway);
  using client = createGraphqlClient(gateway.url);
  say(`${kind}: gateway ready after ${gateway.startSeconds.toFixed(1)} s`);

  const adminToken = await tokenFor('bench-admin', ['admin']);
  const filledAt = performance.now();
  const templates = generateTemplates(size.templates, options.seed);
  const known = await populate(client, { templates, adminToken, seed: options.seed });
  say(`${kind}: ${known.length} templates written; waiting for the projections`);
  const { quiet } = await waitForQuiet(client, {
    adminToken,
    timeoutMs: QUIET_TIMEOUT_MS,
    onProgress: (owed) => say(`${kind}: ${owed} records to go`),
  });
  if (!quiet) throw new Error(`The projections of ${known.length} templates were not done after ${QUIET_TIMEOUT_MS / 60_000} minutes.`);
  const fillSeconds = (performance.now() - filledAt) / 1_000;

  const random = createRandom(options.seed).fork('load');
  const problems = await checkAnswers(client, { known, random: random.fork('checks') });
  const parts: Measured[] = [];
  if (problems.length === 0) {
    say(`${kind}: answers are right; measuring reads`);
    const requests = createRequests({ known, random: random.fork('requests'), seed: options.seed });
    const target = { url: `${gateway.url}/graphql`, pid: gateway.pid, requests, seconds: size.seconds };
    parts.push(await measureAlone({ ...target, suffix: kind }));
    if (kind === 'real') parts.push(await measureMixed({ ...target, strict: options.strict, random: random.fork('mix') }));
    say(`${kind}: measuring sync lag`);
    const suffix = kind === 'real' ? '' : `.${kind}`;
    parts.push(
      await measureSyncLag({
        client,
        url: gateway.url,
        pid: gateway.pid,
        known,
        adminToken,
        random: random.fork('writes'),
        seconds: size.seconds,
        perSecond: CHANGES_PER_SECOND[kind],
        suffix,
      }),
    );
  }
  const rss = rssMb(gateway.pid);
  await gateway.stop();
  const versions = await readStoreVersions(stores);
  await removeData();

  const figures: Figure[] = [
    ...parts.flatMap((part) => part.figures),
    {
      name: `fill.seconds.${kind}`,
      value: fillSeconds,
      meaning: `${known.length} templates with uses and ratings, until every store had them`,
    },
    {
      name: `start.seconds.${kind}`,
      value: gateway.startSeconds,
      meaning: 'from the start of the process on new stores to its ready line',
    },
    ...(Number.isNaN(rss) ? [] : [{ name: `rss.mb.${kind}`, value: rss, meaning: 'memory of the gateway process after all this' }]),
  ];
  return {
    figures,
    notes: parts.flatMap((part) => part.notes),
    failures: [...problems.map((problem) => `${kind}: ${problem}`), ...parts.flatMap((part) => part.failures)],
    versions,
  };
}

function once(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => (running ??= work());
}
