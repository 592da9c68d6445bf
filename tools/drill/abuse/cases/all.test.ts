import { readFileSync } from 'node:fs';
import { ROOT } from '../../../report/machine.ts';
import { allCases, topics } from './all.ts';

describe('the corpus', () => {
  it('has at least 60 cases, each with a name of its own and a source', () => {
    const names = allCases.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(60);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, from, tries } of allCases) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(from.length).toBeGreaterThan(0);
      expect(tries).not.toBe('');
    }
  });

  it('holds every advisory that the list of claims names, under the case it names', () => {
    const claims = readFileSync(`${ROOT}/docs/security.md`, 'utf8');
    const known = new Set(allCases.map(({ name }) => name));
    const named = [...claims.matchAll(/`abuse: ([a-z0-9-]+)`/g)].map(([, name]) => name ?? '');
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
    const missing = allCases.filter(({ name }) => !claims.includes(name)).map(({ name }) => name);
    expect(missing).toEqual([]);
  });

  it('has topics without an empty one', () => {
    for (const cases of Object.values(topics)) expect(cases.length).toBeGreaterThan(0);
  });
});
