import { storesEnv } from '../../tools/harness/store-env.ts';
import { readStoreVersions } from '../../tools/harness/store-versions.ts';
import type { RunContext } from '../../tools/report/command.ts';
import type { RunOptions } from '../../tools/report/options.ts';
import { mergeOutcomes, type Outcome } from '../../tools/report/outcome.ts';
import { measureExtraction } from './extraction.ts';
import { measureMemory } from './memory.ts';
import { measureSuggestions } from './suggestion.ts';
import { measureUploads } from './uploads.ts';

const FULL = { seconds: 20, documents: 24, rounds: 9, memoryRounds: 5 };
const SHORT = { seconds: 3, documents: 6, rounds: 3, memoryRounds: 1 };

/** What resumes cost: uploads on each kind of stores, then extraction, suggestions and memory, which no store has a part in. */
export async function runResumesBench(options: RunOptions, { resources, say }: RunContext): Promise<Outcome> {
  const size = options.short ? SHORT : FULL;
  const { seed } = options;
  // All URLs first: a missing store is to be said before the embedded half has run.
  const kinds = options.stores.map((kind) => ({ kind, stores: storesEnv(kind) }));
  const outcomes: Outcome[] = [];
  for (const { kind, stores } of kinds) {
    say(`${kind}: uploads`);
    const measured = await measureUploads({ kind, stores, seed, seconds: size.seconds, resources });
    outcomes.push({ ...measured, versions: await readStoreVersions(stores) });
  }
  say('extraction, beside unpdf and mammoth alone');
  outcomes.push(await measureExtraction({ seed, documents: size.documents, rounds: size.rounds }));
  say('suggestions');
  outcomes.push(await measureSuggestions({ seed, documents: size.documents, rounds: size.rounds }));
  say('memory over fifty pages');
  outcomes.push(await measureMemory({ rounds: size.memoryRounds }));
  return mergeOutcomes(outcomes);
}
