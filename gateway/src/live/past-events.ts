import type { Bus } from '@loomgraph/stores/bus';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventPosition } from './event-position.js';
import { toTopicEvent, type TopicEvent } from './topic-event.js';

/** Partitions of a topic are read at their own pace: what was published shortly before an event may have come after it. */
const OVERLAP_MS = 2_000;
/** How far clocks of this process and the bus may differ. */
const CLOCK_SKEW_MS = 5_000;
const ASK_EVERY_MS = 20;
/** How many ids are remembered, to tell what came both ways. */
const REMEMBERED = 10_000;

export interface PastOptions {
  readonly bus: Bus;
  readonly topic: string;
  readonly after: EventPosition;
  /** Awaited before the next event is read: what waits, waits in the bus. */
  readonly onPast: (event: TopicEvent) => Promise<void>;
  /** Called when nearly all has been read: from then on events must come another way, too. */
  readonly onNear: () => void;
  readonly isClosed: () => boolean;
}

/**
 * Reads what a topic holds after an event, by a consumer of its own, up to what comes after `onNear` was called. Answers the ids of the last events
 * it read. Events before `after` with its key were had; of others that is not known.
 */
export async function readPast({ bus, topic, after, onPast, onNear, isClosed }: PastOptions): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const before: TopicEvent[] = [];
  let isPastAfter = false;
  const deliver = async (event: TopicEvent): Promise<void> => {
    seen.add(event.messageId);
    if (seen.size > REMEMBERED) for (const oldest of seen) if (seen.delete(oldest)) break;
    await onPast(event);
  };
  const deliverBefore = async (key: string | undefined): Promise<void> => {
    isPastAfter = true;
    for (const event of before.splice(0)) if (event.key !== key) await deliver(event);
  };

  const group = `gateway-past-${randomUUID()}`;
  const subscription = await bus.subscribe({
    topic,
    group,
    from: { sinceMs: Math.max(0, after.publishedAt - OVERLAP_MS) },
    async handler(message) {
      if (isClosed()) return;
      const event = toTopicEvent(message);
      if (isPastAfter) await deliver(event);
      else if (event.messageId === after.messageId) await deliverBefore(event.key);
      else {
        before.push(event);
        if (before.length >= REMEMBERED) await deliverBefore(undefined);
      }
    },
  });
  try {
    while (!isClosed() && (await bus.lag(topic, group)) > 0) await sleep(ASK_EVERY_MS);
    onNear();
    const until = Date.now() + CLOCK_SKEW_MS;
    while (!isClosed() && !(await bus.hasPassed(topic, group, until))) await sleep(ASK_EVERY_MS);
    if (!isPastAfter && !isClosed()) await deliverBefore(undefined);
  } finally {
    await subscription.close();
    await bus.dropGroup(topic, group);
  }
  return seen;
}
