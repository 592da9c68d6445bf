import { openSharedRevocationList, type RevocationStore } from './shared-revocation-list.js';

const START = Date.parse('2026-01-01T00:00:00Z');
const HOUR_MS = 3_600_000;

/** A store of which the test decides when it answers, and a clock both sides read. */
function createWorld() {
  const values = new Map<string, unknown>();
  const fenced = new Map<string, unknown>();
  const world = { now: START, away: false, reads: 0 };
  const answer = <T>(read: () => T): Promise<T> => {
    world.reads += 1;
    return world.away ? Promise.reject(new Error('away')) : Promise.resolve(read());
  };
  const store: RevocationStore = {
    get: <T>(key: string) => answer(() => values.get(key) as T | undefined),
    getMany: <T>(keys: readonly string[]) => answer(() => keys.map((key) => (values.get(key) ?? fenced.get(key)) as T | undefined)),
    set: (key, value) => answer(() => void values.set(key, structuredClone(value))),
    increment: (key, by = 1) =>
      answer(() => {
        const next = ((values.get(key) as number | undefined) ?? 0) + by;
        values.set(key, next);
        return next;
      }),
    setIfNewer: (key, { value }) => answer(() => Boolean(fenced.set(key, structuredClone(value)))),
    scanFenced: (prefix, { after = '', limit }) =>
      answer(() =>
        [...fenced.keys()]
          .filter((key) => key.startsWith(prefix) && key > after)
          .toSorted()
          .slice(0, limit)
          .map((id) => ({ id })),
      ),
  };
  return { world, values, store, clock: { now: () => new Date(world.now) } };
}

const entry = (id: string, at = START, until = START + HOUR_MS) => ({
  kind: 'session' as const,
  id,
  at: new Date(at),
  until: new Date(until),
});
const holder = (sessionId: string) => ({ userId: 'ada', sessionId, issuedAt: new Date(START) });

describe('shared revocation list', () => {
  it('1. is known here at once, there with the next reading, and to who starts later', async () => {
    const { store, clock } = createWorld();
    await using here = await openSharedRevocationList({ store, clock });
    await using there = await openSharedRevocationList({ store, clock });
    await here.revoke(entry('s1'));
    expect([here.isRevoked(holder('s1')), there.isRevoked(holder('s1'))]).toEqual([true, false]);
    await there.refresh();
    expect([there.isRevoked(holder('s1')), there.isRevoked(holder('s2'))]).toEqual([true, false]);
    await using later = await openSharedRevocationList({ store, clock });
    expect(later.isRevoked(holder('s1'))).toBe(true);
  });

  it('1. is honoured here also where the others cannot be told', async () => {
    const { world, store, clock } = createWorld();
    await using here = await openSharedRevocationList({ store, clock });
    world.away = true;
    await expect(here.revoke(entry('s1'))).rejects.toThrow('away');
    expect(here.isRevoked(holder('s1'))).toBe(true);
  });

  it('2. costs one look where nothing is new', async () => {
    const { world, store, clock } = createWorld();
    await using list = await openSharedRevocationList({ store, clock });
    world.reads = 0;
    await list.refresh();
    expect(world.reads).toBe(1);
  });

  it('2. misses no entry whose number was taken before it was written', async () => {
    const { values, store, clock } = createWorld();
    await using here = await openSharedRevocationList({ store, clock });
    await using there = await openSharedRevocationList({ store, clock });
    await store.increment('auth:revoked:number');
    await here.revoke(entry('s2'));
    await there.refresh();
    expect(there.isRevoked(holder('s2'))).toBe(true);
    values.set('auth:revoked:log:1', { kind: 'session', id: 's1', at: START, until: START + HOUR_MS });
    await there.refresh();
    expect(there.isRevoked(holder('s1'))).toBe(true);
  });

  it('2. reads everything after a pause longer than the log, and after the numbers began anew', async () => {
    const { world, values, store, clock } = createWorld();
    await using here = await openSharedRevocationList({ store, clock });
    await using there = await openSharedRevocationList({ store, clock });
    for (let number = 1; number <= 1_200; number++) await here.revoke(entry(`s${number}`));
    for (const key of values.keys()) if (key.includes(':log:')) values.delete(key);
    world.now += 61_000;
    await there.refresh();
    expect(there.state().entries).toBe(1_200);
    values.clear();
    await here.revoke(entry('s9999', world.now));
    await there.refresh();
    expect(there.isRevoked(holder('s9999'))).toBe(true);
  });

  it('3. forgets what is over, and keeps the later of two', async () => {
    const { world, store, clock } = createWorld();
    await using list = await openSharedRevocationList({ store, clock });
    await list.revoke(entry('s1', START, START + 10_000));
    await list.revoke(entry('s2', START, START + 10_000));
    await list.revoke(entry('s2', START, START + 5_000));
    await list.revoke(entry('s2', START, START + 120_000));
    world.now += 10_000;
    expect([list.isRevoked(holder('s1')), list.isRevoked(holder('s2'))]).toEqual([false, true]);
    world.now += 110_000;
    await list.revoke(entry('s3', world.now, world.now + HOUR_MS));
    expect(list.state().entries).toBe(1);
  });

  it('4. of a user takes back what was issued before, not what is issued after', async () => {
    const { store, clock } = createWorld();
    await using list = await openSharedRevocationList({ store, clock });
    await list.revoke({ kind: 'user', id: 'ada', at: new Date(START + 1_500), until: new Date(START + HOUR_MS) });
    const issued = (ms: number) => list.isRevoked({ userId: 'ada', issuedAt: new Date(START + ms) });
    expect([issued(0), issued(1_000), issued(2_000)]).toEqual([true, true, false]);
    expect(list.isRevoked({ userId: 'eve', issuedAt: new Date(START) })).toBe(false);
  });

  it('5. says when it is behind, and to whom it matters; and when it has caught up', async () => {
    const { world, store, clock } = createWorld();
    const told: boolean[] = [];
    world.away = true;
    await using list = await openSharedRevocationList({ store, clock, onReading: ({ error }) => void told.push(error !== undefined) });
    expect(list.state().isCurrent).toBe(false);
    await expect(list.refresh()).rejects.toThrow('away');
    world.away = false;
    await list.refresh();
    expect(list.state()).toMatchObject({ isCurrent: true, ageMs: 0 });
    world.now += 5_001;
    expect(list.state().isCurrent).toBe(false);
    expect(told).toEqual([true, false]);
  });
});
