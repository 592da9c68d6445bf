import type { RunContext } from '../../report/command.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Outcome } from '../../report/outcome.ts';
import { runOnRealStores } from './real.ts';
import type { Broken } from './worker/worker-config.ts';

/** What is taken away, and what the drill must notice then. */
const BUILDS: readonly { readonly broken: Broken; readonly lacks: string; readonly notices: RegExp }[] = [
  { broken: 'fencing', lacks: 'targets write whatever comes last', notices: /^(regression|diverged)/ },
  { broken: 'lease', lacks: 'a record may be worked on by two at once', notices: /two workers at once/ },
  { broken: 'checkpoint', lacks: 'changes are read after the highest id seen', notices: /^diverged/ },
];

/** Runs the sync drill on builds that lack a safeguard, and passes when it fails on each of them for the right reason. */
export async function runBrokenSyncDrill(options: RunOptions, context: RunContext): Promise<Outcome> {
  const notes: string[] = [];
  const failures: string[] = [];
  let noticed = 0;
  for (const { broken, lacks, notices } of BUILDS) {
    context.say(`without ${broken}: ${lacks}`);
    // Of each build, and of the whole: who is interrupted leaves no servers behind.
    await using resources = context.resources.use(new AsyncDisposableStack());
    const outcome = await runOnRealStores(options, { ...context, resources }, broken);
    const seen = outcome.failures.filter((failure) => notices.test(failure));
    if (seen.length > 0) noticed += 1;
    else failures.push(`without ${broken} (${lacks}) the drill noticed nothing`);
    notes.push(
      `without ${broken}: ${seen.length} findings, the first: ${seen[0] ?? 'none'}`,
      ...outcome.notes.map((note) => `without ${broken}: ${note}`),
    );
  }
  return {
    figures: [
      { name: 'noticed', value: noticed, meaning: `of ${BUILDS.length} builds that lack a safeguard, how many the sync drill refuses` },
    ],
    notes,
    failures,
  };
}
