import { mergeOutcomes, type Outcome } from './outcome.ts';
import { createReport, renderOutcome } from './report.ts';

const outcome: Outcome = {
  figures: [{ name: 'list.p95Ms.real', value: 12.34567, meaning: 'a page' }],
  notes: ['measured on a Tuesday'],
  failures: [],
  versions: { mysql: '8.0.15' },
};
const run = { command: 'bench templates', at: new Date('2026-01-02T03:04:05Z') };

describe('createReport', () => {
  it('holds figures by name, machine, versions and commit', () => {
    const report = createReport(outcome, run);
    expect(report).toMatchObject({
      figures: { 'list.p95Ms.real': 12.346 },
      versions: { mysql: '8.0.15', node: process.versions.node },
      at: '2026-01-02T03:04:05.000Z',
      failures: [],
    });
    expect(report.machine.cores).toBeGreaterThan(0);
    expect(report.commit).toMatch(/^([0-9a-f]{40}(-dirty)?|unknown)$/);
  });

  it('refuses a figure that is no number, and one that comes twice', () => {
    const figure = { name: 'a', value: 1, meaning: '' };
    expect(() => createReport({ ...outcome, figures: [{ ...figure, value: Number.NaN }] }, run)).toThrow('Figure a is NaN.');
    expect(() => createReport({ ...outcome, figures: [figure, figure] }, run)).toThrow('Figure a was reported twice.');
  });
});

describe('renderOutcome', () => {
  it('shows figures, notes and failures', () => {
    const text = renderOutcome({ ...outcome, failures: ['lost: template t'] });
    expect(text).toMatch(/list\.p95Ms\.real\s+│\s+12\.3\s+│\s+a page/);
    expect(text).toContain('· measured on a Tuesday');
    expect(text).toContain('✗ lost: template t');
    expect(text).toContain('✗ 1 failed');
  });
});

describe('mergeOutcomes', () => {
  it('puts runs on several stores into one', () => {
    const merged = mergeOutcomes([outcome, { figures: [{ name: 'b', value: 2, meaning: '' }], notes: [], failures: ['wrong'] }]);
    expect(merged.figures.map(({ name }) => name)).toEqual(['list.p95Ms.real', 'b']);
    expect(merged).toMatchObject({ failures: ['wrong'], versions: { mysql: '8.0.15' } });
  });
});
