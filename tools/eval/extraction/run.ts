import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signDevelopmentToken } from '@loomgraph/auth';
import {
  comparePlanted,
  plantResume,
  plantedFormats,
  plantedLanguages,
  plantedLayouts,
  type FoundFacts,
  type PlantedKind,
  type PlantedResume,
} from '@loomgraph/testing';
import { startGateway, TOKEN_SECRET } from '../../harness/gateway-process.ts';
import { createGraphqlClient, type GraphqlClient } from '../../harness/graphql.ts';
import { createResumeUploader } from '../../harness/resume-upload.ts';
import { storesEnv } from '../../harness/store-env.ts';
import { createNamespace, dropNamespace } from '../../namespace/index.ts';
import type { RunContext } from '../../report/command.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Figure, Outcome } from '../../report/outcome.ts';

/** Of planted facts, what must be found. */
const TARGET_RECALL = 0.95;
const SEEDS = { short: 2, full: 6 };
const PATIENCE_MS = 60_000;
const LOOK_MS = 100;

const READ = `query($id: ID!) { resumeVersion(id: $id) { understanding { state
  name { value } email { value } phone { value } location { value }
  work { company { value } position { value } startDate endDate }
  education { institution { value } degree { value } area { value } } skills { name } languages { language } } } }`;

/** Uploads resumes with known facts through a gateway of its own, and counts how many of the facts are found in them. */
export async function runExtractionEvaluation(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const kind = options.stores[0] ?? 'embedded';
  const stores = storesEnv(kind);
  const namespace = kind === 'real' ? createNamespace('eval') : undefined;
  if (namespace !== undefined) resources.defer(async () => void (await dropNamespace(stores, namespace)));
  const dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-eval-'));
  resources.defer(() => rm(dataDir, { recursive: true, force: true }));
  const gateway = resources.use(await startGateway({ stores, dataDir, ...(namespace === undefined ? {} : { namespace }) }));
  const client = resources.use(createGraphqlClient(gateway.url));
  const token = await signDevelopmentToken({ secret: TOKEN_SECRET, userId: 'planted', roles: [] });
  const seeds = options.short ? SEEDS.short : SEEDS.full;
  say(`${seeds} resumes of each language, layout and format, each with known facts`);

  const tallies = new Map<string, { planted: number; found: number }>();
  const missed: string[] = [];
  for (const kindOf of kinds()) {
    for (let seed = 1; seed <= seeds; seed += 1) {
      const planted = await plantResume(seed, kindOf);
      const compared = comparePlanted(planted.facts, await understood(client, token, planted, gateway.url));
      for (const name of ['planted', kindOf.language, kindOf.layout, kindOf.format]) {
        const tally = tallies.get(name) ?? { planted: 0, found: 0 };
        tally.planted += compared.length;
        tally.found += compared.filter(({ isFound }) => isFound).length;
        tallies.set(name, tally);
      }
      missed.push(...compared.filter(({ isFound }) => !isFound).map(({ fact }) => `${Object.values(kindOf).join(' ')} ${seed}: ${fact}`));
    }
  }
  const figures = [...tallies].map(([name, { planted, found }]): Figure => ({
    name: `recall.${name}`,
    value: found / planted,
    meaning: name === 'planted' ? `share of the ${planted} planted facts that were found` : `of those, in resumes that are ${name}`,
  }));
  const recall = figures[0]?.value ?? 0;
  return {
    figures,
    notes: [
      `${kinds().length * seeds} resumes, made by the run; a fact counts when it is found exactly and in its place`,
      ...missed.slice(0, 20).map((fact) => `missed: ${fact}`),
    ],
    failures: recall < TARGET_RECALL ? [`recall.planted is ${recall.toFixed(3)}; the target is ${TARGET_RECALL}`] : [],
  };
}

const kinds = (): readonly PlantedKind[] =>
  plantedLanguages.flatMap((language) =>
    plantedLayouts.flatMap((layout) => plantedFormats.map((format) => ({ language, layout, format }))),
  );

async function understood(client: GraphqlClient, token: string, planted: PlantedResume, gatewayUrl: string): Promise<FoundFacts> {
  const { fileName } = planted;
  const uploader = createResumeUploader({ client, gatewayUrl });
  const { id } = await uploader.upload(token, await uploader.createResume(token), planted);
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const { resumeVersion } = await client.run<{ resumeVersion: { understanding: FoundFacts & { state: string } } }>({
      query: READ,
      variables: { id },
      token,
    });
    const { state } = resumeVersion.understanding;
    if (state === 'DONE') return resumeVersion.understanding;
    if (state !== 'QUEUED' || Date.now() > until) throw new Error(`${fileName} is ${state}.`);
    await sleep(LOOK_MS);
  }
}
