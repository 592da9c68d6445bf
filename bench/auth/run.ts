import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuSeconds } from '../../tools/harness/process-usage.ts';
import type { RunContext } from '../../tools/report/command.ts';
import type { RunOptions } from '../../tools/report/options.ts';
import type { Outcome } from '../../tools/report/outcome.ts';
import { measureGuard, type GuardSize } from './guard.ts';
import { measureLoginTimes } from './login-times.ts';
import { measurePermissions } from './permissions.ts';

const FULL: GuardSize = { rounds: 9, warmupSeconds: 2, seconds: 5 };
const SHORT: GuardSize = { rounds: 3, warmupSeconds: 1, seconds: 2 };
/** What guarding a query with a cached plan may cost, as a share of it. */
const MOST = 0.1;

/** What it costs to know who asks, what they may do, and how much. */
export async function runAuthBench(options: RunOptions, context: RunContext): Promise<Outcome> {
  const { short, strict, seed } = options;
  if (Number.isNaN(cpuSeconds(process.pid))) throw new Error('There is no /proc here: CPU cannot be measured.');
  const folder = await mkdtemp(join(tmpdir(), 'loomgraph-bench-'));
  context.resources.defer(() => rm(folder, { recursive: true, force: true }));
  // First: it is about single milliseconds, and what the others leave behind would be among them.
  const logins = await measureLoginTimes({ seed, short, ...context });
  const figures = [
    ...(await measureGuard({ seed, size: short ? SHORT : FULL, folder, ...context })),
    ...(await measurePermissions({ short, ...context })),
    ...logins.figures,
  ];
  const share = figures.find(({ name }) => name === 'guard.share')?.value ?? Number.NaN;
  const missed = [...(share < MOST ? [] : [`guard.share is ${share.toFixed(3)}; its target is below ${MOST}`]), ...logins.missed];
  const failsOnMissed = !short || strict;
  return {
    figures,
    notes: [
      'Guarded and bare are the same gateway before the same subgraphs, loaded in turns; figures are medians of the rounds.',
      'Guarded: a token of one of 200 callers, rules of access on three fields, identity signed for each fetch, limits, cost and budget; bare: all of it off.',
      'Nothing is shared between requests on either side.',
      'Logins: wrong passwords of known and unknown users, one after the other in a random order, against the product on embedded stores.',
      ...(failsOnMissed ? [] : missed),
    ],
    failures: failsOnMissed ? missed : [],
  };
}
