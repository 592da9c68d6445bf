import { expect, test } from '@jest/globals';
import type { Figure } from '../../tools/report/outcome.ts';
import { checkTargets, ratioFigures } from './figures.ts';

test('ratios say how many times a peer ours is, of what was measured', () => {
  const ratios = ratioFigures([
    figure('throughput.vectors', 600),
    figure('peer.pollingWorker.batch10', 200),
    figure('peer.graphileWorker', 5),
  ]);
  expect(ratios.map(({ name, value }) => [name, value])).toEqual([['ratio.pollingWorker.batch10', 3]]);
});

test('a missed target is said with what it is, a reached one is not', () => {
  const reached = [
    figure('lag.changesPerS', 990),
    figure('writer.costRatio', 1.25),
    figure('audit.peakMb', 120),
    figure('ryw.missesWithToken', 0),
  ];
  expect(checkTargets(reached)).toEqual({ missed: [], unknown: [] });
  const late = [
    figure('lag.changesPerS', 400),
    figure('writer.costRatio', 1.3),
    figure('audit.peakMb', 230.4),
    figure('ryw.missesWithToken', 1),
  ];
  expect(checkTargets(late).missed).toEqual([
    'lag.changesPerS is 400.00; its target is at least 950',
    'writer.costRatio is 1.30; its target is at most 1.25',
    'audit.peakMb is 230.40; its target is at most 200',
    'ryw.missesWithToken is 1.00; its target is at most 0',
  ]);
});

test('a target on what was not measured counts as not looked at', () => {
  expect(checkTargets([]).missed).toEqual([]);
  expect(checkTargets([]).unknown).toHaveLength(4);
});

const figure = (name: string, value: number): Figure => ({ name, value, meaning: '' });
