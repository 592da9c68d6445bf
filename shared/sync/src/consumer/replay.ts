import { LoomError } from '@loomgraph/core';
import type { Bus } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { INBOX_HORIZON_MS } from '../inbox/horizon.js';
import type { Consumer } from './define-consumer.js';
import { addCut, groupOf, readPosition, sinceOf, writePosition } from './generations.js';

export interface ReplayOptions {
  /** Who asks, at most 64 characters: asked again by the same, a replay goes on instead of beginning anew. */
  readonly jobId?: string;
  readonly onProgress?: (done: number, total: number) => Promise<void> | void;
  /** Ends the waiting; the replay itself goes on. */
  readonly signal?: AbortSignal;
}

export interface BegunReplay {
  /** Where it really begins, ms since the epoch. */
  readonly sinceMs: number;
  readonly group: string;
  readonly formerGroup: string;
  /** Events published before this time are what the replay brings. */
  readonly beganAt: number;
}

/**
 * Begins a replay: in one transaction the consumer's effects since the point are undone and a new generation begins, with a group and an inbox of its
 * own. Events are then applied once more, in order, by whoever reads the new group; the old group's can no longer be.
 * @throws LoomError BAD_USER_INPUT, when the consumer or the point cannot be replayed; CONFLICT, when an earlier replay has not begun to be read
 */
export async function beginReplay(
  parts: { readonly store: RelationalStore; readonly bus: Bus; readonly consumer: Consumer; readonly clockSkewMs: number },
  { sinceMs, jobId }: { readonly sinceMs: number; readonly jobId: string | undefined },
): Promise<BegunReplay> {
  const { store, bus, consumer } = parts;
  const { name, topic, replay } = consumer;
  if (replay === undefined) throw new LoomError('BAD_USER_INPUT', `${name} cannot be replayed: it neither is idempotent nor has a reset.`);
  const point = async (): Promise<number> => choosePoint(parts, sinceMs, await bus.heldSince(topic));
  const before = await readPosition(store.read(), store, name);
  const isAskedAgain = jobId !== undefined && before.movedBy === jobId;
  const since = isAskedAgain ? sinceOf(before) : await point();
  if (!isAskedAgain && !(await bus.hasPassed(topic, groupOf(name, before.generation), 0)))
    throw new LoomError('CONFLICT', `The last replay of ${name} is not read yet: try again.`);
  const position = await store.transaction(async (em) => {
    const current = await readPosition(em, store, name, 'lock');
    if (jobId !== undefined && current.movedBy === jobId) return current;
    if (current.generation !== before.generation) throw new LoomError('CONFLICT', `Another replay of ${name} has just begun.`);
    if (typeof replay === 'object') {
      await replay.reset(em, since);
      await em.flush();
    }
    // They come again.
    await em.execute(`delete from ${store.table('dead_event')} where consumer = ? and event_at >= ?`, [name, since], 'run');
    const next = { generation: current.generation + 1, cuts: addCut(current, since), movedAt: Date.now(), movedBy: jobId };
    await writePosition(em, store, name, next);
    return next;
  });
  return {
    sinceMs: since,
    group: groupOf(name, position.generation),
    formerGroup: groupOf(name, position.generation - 1),
    beganAt: position.movedAt,
  };
}

/** The point a replay begins at: a multiple of what the consumer can start over with, not before what is still known. */
function choosePoint(
  { consumer, clockSkewMs }: { readonly consumer: Consumer; readonly clockSkewMs: number },
  wantedMs: number,
  heldSince: number,
): number {
  const reset = typeof consumer.replay === 'object' ? consumer.replay : undefined;
  const stepMs = reset?.everyMs ?? 1;
  // An event is published after it occurred, by a clock that may be behind.
  const held = heldSince === 0 ? 0 : heldSince + clockSkewMs;
  // What lies before the point is told apart by the inbox; from the very beginning nothing does.
  const isWhole = held === 0 && wantedMs === 0;
  const reach = reset && !isWhole ? Math.max(held, Date.now() - INBOX_HORIZON_MS + clockSkewMs) : held;
  const earliest = Math.ceil(reach / stepMs) * stepMs;
  const chosen = wantedMs === 0 ? earliest : Math.floor(wantedMs / stepMs) * stepMs;
  if (chosen < earliest || chosen > Date.now())
    throw new LoomError(
      'BAD_USER_INPUT',
      `${consumer.name} can be replayed from ${new Date(earliest).toISOString()} on, and not from the future.`,
    );
  return chosen;
}
