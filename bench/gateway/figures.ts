import { percentile } from '../../tools/report/percentile.ts';
import type { Figure } from '../../tools/report/outcome.ts';
import { GATEWAYS, type GatewayName } from './gateways/gateway.ts';
import { TITLES } from './gateways/gateways.ts';
import type { GatewayLoadResult } from './load/load.ts';
import type { Measured } from './measure.ts';

interface Target {
  readonly figure: string;
  readonly atLeast: number;
}

/** How many times the CPU of ours each peer has to need. */
const TARGETS: readonly Target[] = [
  { figure: 'heavy.ratio.apolloGateway', atLeast: 12 },
  { figure: 'heavy.ratio.hiveGateway', atLeast: 8 },
  { figure: 'heavy.ratio.hiveGatewayRust', atLeast: 4 },
  { figure: 'coalesced.ratio.hiveGatewayRust', atLeast: 4 },
];

/** Medians over the rounds of each gateway, and how each peer compares with ours. Figures that cannot be told are left out. */
export function scenarioFigures(measured: readonly Measured[]): readonly Figure[] {
  const figures = measured.flatMap(({ scenario, rounds }) =>
    [...rounds].flatMap(([name, results]): Figure[] => {
      const figure = (unit: string, read: (result: GatewayLoadResult) => number, what: string): Figure => ({
        name: unit === 'p99Ms' && scenario.name === 'cold' && name === 'ours' ? 'cold.p99Ms' : `${scenario.name}.${unit}.${name}`,
        value: median(results.map(read)),
        meaning: `${TITLES[name]}: ${what}`,
      });
      return [
        figure('cpuMs', ({ cpuMsPerRequest }) => cpuMsPerRequest, 'CPU per request'),
        figure('rps', ({ perSecond }) => perSecond, 'answers per second'),
        figure('p99Ms', ({ p99Ms }) => p99Ms, 'what 99 of 100 answers did not exceed'),
      ];
    }),
  );
  const known = figures.filter(({ value }) => !Number.isNaN(value));
  return [...known, ...ratios(known)];
}

/** What was missed, and what could not be looked at, of the stated targets. */
export function checkTargets(figures: readonly Figure[]): { readonly missed: readonly string[]; readonly unknown: readonly string[] } {
  const missed: string[] = [];
  const unknown: string[] = [];
  for (const { figure, atLeast } of TARGETS) {
    const value = figures.find(({ name }) => name === figure)?.value;
    if (value === undefined) unknown.push(`${figure} was not measured; its target is ${atLeast}`);
    else if (value < atLeast) missed.push(`${figure} is ${value.toFixed(2)}; its target is ${atLeast}`);
  }
  return { missed, unknown };
}

function ratios(figures: readonly Figure[]): readonly Figure[] {
  const cpu = (scenario: string, name: GatewayName): number | undefined =>
    figures.find((figure) => figure.name === `${scenario}.cpuMs.${name}`)?.value;
  const scenarios = [...new Set(figures.map(({ name }) => name.slice(0, name.indexOf('.'))))];
  return scenarios.flatMap((scenario) => {
    return GATEWAYS.filter((name) => name !== 'ours').flatMap((name): Figure[] => {
      // A peer that gains from sharing fetches may do so, and ours does so then, too: without coalescing is the comparison.
      const ways = [scenario, ...(scenario === 'heavy' ? ['heavyFetchesShared'] : [])].flatMap((way) => {
        const [theirs, ours] = [cpu(way, name), cpu(way, 'ours')];
        return theirs === undefined || ours === undefined ? [] : [{ way, theirs, ours }];
      });
      const [best] = ways.toSorted((one, other) => one.theirs - other.theirs);
      if (best === undefined) return [];
      const shared = best.way === scenario ? '' : ', both sharing fetches';
      return [
        {
          name: `${scenario}.ratio.${name}`,
          value: best.theirs / best.ours,
          meaning: `CPU per request of ${TITLES[name]}, as a multiple of ours${shared}`,
        },
      ];
    });
  });
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);
