import { type CacheChoice, chooseCacheDir } from './config.ts';
import { chooseDataRoot } from './data-root.ts';

const choice: CacheChoice = { env: {}, home: '/home/ada', isRoot: false, isReachable: () => true };

describe('chooseCacheDir', () => {
  it('takes a given folder as it is, even a closed one', () => {
    const env = { LOOM_STORES_CACHE: '/srv/stores', XDG_CACHE_HOME: '/x' };
    expect(chooseCacheDir({ ...choice, env, isRoot: true, isReachable: () => false })).toBe('/srv/stores');
  });

  it('prefers XDG_CACHE_HOME to the home folder', () => {
    expect(chooseCacheDir({ ...choice, env: { XDG_CACHE_HOME: '/x' } })).toBe('/x/loomgraph-stores');
    expect(chooseCacheDir(choice)).toBe('/home/ada/.cache/loomgraph-stores');
  });

  it('leaves a home that other users cannot enter only when root, whose servers run as other users', () => {
    const closed = { ...choice, home: '/home/closed', isReachable: () => false };
    expect(chooseCacheDir({ ...closed, isRoot: true })).toBe('/var/cache/loomgraph-stores');
    expect(chooseCacheDir(closed)).toBe('/home/closed/.cache/loomgraph-stores');
  });
});

describe('chooseDataRoot', () => {
  it('is the state folder when servers can reach it', () => {
    expect(chooseDataRoot({ stateDir: '/src/.stores', isRoot: true }, () => true)).toBe('/src/.stores');
    expect(chooseDataRoot({ stateDir: '/src/.stores', isRoot: false }, () => false)).toBe('/src/.stores');
  });

  it('is otherwise a folder of its own for each clone', () => {
    const one = chooseDataRoot({ stateDir: '/home/closed/one/.stores', isRoot: true }, () => false);
    const other = chooseDataRoot({ stateDir: '/home/closed/other/.stores', isRoot: true }, () => false);
    expect(one).toMatch(/^\/var\/lib\/loomgraph-stores\/[0-9a-f]{16}$/);
    expect(other).not.toBe(one);
  });
});
