import type { RelationalStore } from '@loomgraph/stores/relational';
import { followLive } from './follow-live.js';

/** Prevents: a question to the database with every search, and a search that fails because the database is away. */
describe('following the live version', () => {
  const setup = () => {
    const registry = { version: '', asked: 0, away: false };
    const clock = { ms: 0 };
    const execute = () => {
      registry.asked++;
      return registry.away ? Promise.reject(new Error('away')) : Promise.resolve([{ version: registry.version }]);
    };
    // What it asks of a store.
    const store = { read: () => ({ execute }), table: (name: string) => name } as unknown as RelationalStore;
    return { registry, clock, follow: followLive(store, 'p', () => clock.ms) };
  };

  it('asks once a second, however many read', async () => {
    const { registry, clock, follow } = setup();
    registry.version = 'one';
    expect(await Promise.all([follow(), follow(), follow()])).toEqual(['one', 'one', 'one']);
    registry.version = 'two';
    clock.ms = 999;
    expect(await follow()).toBe('one');
    expect(registry.asked).toBe(1);
    clock.ms = 1_000;
    expect(await Promise.all([follow(), follow()])).toEqual(['two', 'two']);
    expect(registry.asked).toBe(2);
  });

  it('goes by the last answer while the registry is away, and rejects where there never was one', async () => {
    const { registry, clock, follow } = setup();
    registry.away = true;
    await expect(follow()).rejects.toThrow('away');
    registry.away = false;
    expect(await follow()).toBeUndefined();
    registry.version = 'one';
    clock.ms = 1_000;
    expect(await follow()).toBe('one');
    registry.away = true;
    clock.ms = 10_000;
    expect(await follow()).toBe('one');
  });
});
