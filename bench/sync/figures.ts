import type { Figure } from '../../tools/report/outcome.ts';

/** What must be reached. */
type Target = { readonly figure: string } & ({ readonly atMost: number } | { readonly atLeast: number });

const TARGETS: readonly Target[] = [
  { figure: 'lag.changesPerS', atLeast: 950 },
  { figure: 'writer.costRatio', atMost: 1.25 },
  { figure: 'audit.peakMb', atMost: 200 },
  { figure: 'ryw.missesWithToken', atMost: 0 },
];

/** Our figure over each peer's that does the same job. */
const RATIOS = [
  { ours: 'throughput.vectors', peer: 'peer.pollingWorker.batch1', name: 'ratio.pollingWorker.batch1' },
  { ours: 'throughput.vectors', peer: 'peer.pollingWorker.batch10', name: 'ratio.pollingWorker.batch10' },
  { ours: 'throughput.vectors', peer: 'peer.pollingWorker.batch64', name: 'ratio.pollingWorker.batch64' },
  { ours: 'throughput.table', peer: 'peer.graphileWorker', name: 'ratio.graphileWorker' },
  { ours: 'throughput.table', peer: 'peer.graphileWorker.batch64', name: 'ratio.graphileWorker.batch64' },
] as const;

/** How many times a peer's rate ours is; of those that were measured. */
export function ratioFigures(figures: readonly Figure[]): readonly Figure[] {
  const value = (name: string): number | undefined => figures.find((figure) => figure.name === name)?.value;
  return RATIOS.flatMap(({ ours, peer, name }) => {
    const [mine, theirs] = [value(ours), value(peer)];
    return mine === undefined || theirs === undefined ? [] : [{ name, value: mine / theirs, meaning: `${ours} as a multiple of ${peer}` }];
  });
}

/** What was missed, and what could not be looked at, of the stated targets. */
export function checkTargets(figures: readonly Figure[]): { readonly missed: readonly string[]; readonly unknown: readonly string[] } {
  const missed: string[] = [];
  const unknown: string[] = [];
  for (const target of TARGETS) {
    const value = figures.find(({ name }) => name === target.figure)?.value;
    const [bound, isMissed] =
      'atMost' in target
        ? [`at most ${target.atMost}`, (one: number) => one > target.atMost]
        : [`at least ${target.atLeast}`, (one: number) => one < target.atLeast];
    if (value === undefined) unknown.push(`${target.figure} was not measured; its target is ${bound}`);
    else if (isMissed(value)) missed.push(`${target.figure} is ${value.toFixed(2)}; its target is ${bound}`);
  }
  return { missed, unknown };
}
