import { expect, test } from '@jest/globals';
import { checkTargets, scenarioFigures } from './figures.ts';
import type { GatewayName } from './gateways/gateway.ts';
import type { GatewayLoadResult } from './load/load.ts';
import type { Measured } from './measure.ts';
import { SCENARIOS } from './scenarios.ts';

test('figures are medians of the rounds, ratios compare them with ours', () => {
  const figures = valuesOf([measured('heavy', { ours: [0.5, 9, 0.4], apolloGateway: [7, 7.5, 8] })]);
  expect(figures).toMatchObject({ 'heavy.cpuMs.ours': 0.5, 'heavy.cpuMs.apolloGateway': 7.5, 'heavy.ratio.apolloGateway': 15 });
});

test('a peer that gains from sharing fetches is compared as it gains, with ours doing the same', () => {
  const figures = valuesOf([
    measured('heavy', { ours: [0.5], apolloGateway: [6], hiveGateway: [4], hiveGatewayRust: [4] }),
    measured('heavyFetchesShared', { ours: [0.25], hiveGateway: [5], hiveGatewayRust: [2.5] }),
  ]);
  expect(figures).toMatchObject({ 'heavy.cpuMs.hiveGatewayRust': 4, 'heavyFetchesShared.cpuMs.hiveGatewayRust': 2.5 });
  expect(figures).toMatchObject({ 'heavy.ratio.apolloGateway': 12, 'heavy.ratio.hiveGateway': 8, 'heavy.ratio.hiveGatewayRust': 10 });
  expect(figures['heavyFetchesShared.ratio.hiveGateway']).toBe(20);
});

test('the latency of cold plans is ours under its own name', () => {
  const figures = valuesOf([measured('cold', { ours: [1], apolloGateway: [2] })]);
  expect(Object.keys(figures).filter((name) => name.includes('p99Ms'))).toEqual(['cold.p99Ms', 'cold.p99Ms.apolloGateway']);
});

test('what cannot be told is left out, and a target on it counts as not looked at', () => {
  const figures = scenarioFigures([measured('heavy', { ours: [Number.NaN], apolloGateway: [Number.NaN] })]);
  expect(figures.every(({ value }) => !Number.isNaN(value))).toBe(true);
  expect(checkTargets(figures)).toEqual({
    missed: [],
    unknown: expect.arrayContaining([expect.stringContaining('heavy.ratio.apolloGateway')]),
  });
});

test('a missed target is said with what it is, a reached one is not', () => {
  const figures = scenarioFigures([measured('heavy', { ours: [1], apolloGateway: [11.9], hiveGateway: [8] })]);
  expect(checkTargets(figures).missed).toEqual(['heavy.ratio.apolloGateway is 11.90; its target is 12']);
});

function valuesOf(all: readonly Measured[]): Record<string, number> {
  return Object.fromEntries(scenarioFigures(all).map(({ name, value }) => [name, value]));
}

function measured(name: string, cpu: Partial<Record<GatewayName, readonly number[]>>): Measured {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (!scenario) throw new Error(`There is no scenario ${name}.`);
  const rounds = Object.entries(cpu).map(([gateway, values]) => [gateway as GatewayName, values.map(result)] as const); // its keys
  return { scenario, rounds: new Map(rounds), startSeconds: new Map(), failures: [] };
}

function result(cpuMsPerRequest: number): GatewayLoadResult {
  return { cpuMsPerRequest, answers: 100, sent: 100, perSecond: 10, p99Ms: 5, rssMb: 50, otherCores: 0, wrong: 0 };
}
