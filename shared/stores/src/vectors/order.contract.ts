import { expect } from '@jest/globals';
import type { ApplyOutcome, ScanEntry } from './port.js';
import { takes, type StoredOrder } from './write-order.js';

/** A write of one document, live or a tombstone (whose fingerprint is empty). */
export interface OrderedWrite {
  readonly id: string;
  readonly revision: number;
  readonly fence: number;
  readonly fingerprint: string;
  readonly deleted: boolean;
  readonly replaces?: StoredOrder;
}

/** What every store that is fenced by `takes` has in common. */
export interface OrderedStore {
  write(write: OrderedWrite): Promise<ApplyOutcome>;
  entries(ids: readonly string[]): Promise<(ScanEntry | null)[]>;
}

/** Writes at random, one after the other: each outcome and each stored order is the rule's. */
export async function expectTheRule(store: OrderedStore, ids: readonly string[], rounds: number): Promise<void> {
  const random = randomFrom(0x5eed);
  const model = new Map<string, OrderedWrite>();
  for (let round = 0; round < rounds; round += 1) {
    const write = randomWrite(random, ids);
    const stored = model.get(write.id);
    const aimed =
      random(4) > 0 ? write : { ...write, replaces: random(3) > 0 && stored ? orderOf(stored) : { revision: random(4), fence: random(4) } };
    const expected = takes(stored, aimed);
    expect({ aimed, stored, outcome: await store.write(aimed) }).toEqual({ aimed, stored, outcome: expected ? 'applied' : 'fenced' });
    if (expected) model.set(write.id, write);
    const [entry] = await store.entries([write.id]);
    expect(entry ?? null).toEqual(modelled(model.get(write.id)));
  }
}

/** The same writes by many at once, in different orders: the same document stays. */
export async function expectOneWinner(handles: readonly OrderedStore[], ids: readonly string[]): Promise<void> {
  const random = randomFrom(0xfeed);
  const writes = Array.from({ length: 60 }, () => randomWrite(random, ids));
  // Where the order is the same, so is the content: which of two others stays is nobody's promise.
  const distinct = writes.map((write) => (write.deleted ? write : { ...write, fingerprint: `f${write.revision}/${write.fence}` }));
  const model = new Map<string, OrderedWrite>();
  for (const write of distinct) if (takes(model.get(write.id), write)) model.set(write.id, write);
  await Promise.all(distinct.toSorted(() => random(3) - 1).map(async (write, at) => handles[at % handles.length]?.write(write)));
  expect(await handles[0]?.entries(ids)).toEqual(ids.map((id) => modelled(model.get(id))));
}

function randomWrite(random: (below: number) => number, ids: readonly string[]): OrderedWrite {
  const deleted = random(4) === 0;
  return {
    id: ids[random(ids.length)] ?? '',
    revision: 1 + random(3),
    fence: random(4),
    fingerprint: deleted ? '' : `f${random(2)}`,
    deleted,
  };
}

const orderOf = ({ revision, fence }: StoredOrder): StoredOrder => ({ revision, fence });

const modelled = (write: OrderedWrite | undefined): ScanEntry | null =>
  write ? { id: write.id, ...orderOf(write), fingerprint: write.fingerprint, deleted: write.deleted } : null;

/** Mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}
