import { LoomError } from '@loomgraph/core';
import type { Bus, Subscription } from '@loomgraph/stores/bus';
import type { Logger } from '@loomgraph/telemetry';
import { randomUUID } from 'node:crypto';
import type { EventPosition } from './event-position.js';
import { readPast } from './past-events.js';
import { toTopicEvent, type TopicEvent } from './topic-event.js';

/** How many new events may wait until the earlier ones have been read. */
const MAX_WAITING = 10_000;

export interface FollowOptions {
  /** The last event that was had; undefined: only what comes from now on. */
  readonly after?: EventPosition | undefined;
  /** Called with each event, in the order of the bus. */
  readonly onEvent: (event: TopicEvent) => void;
  /** Called with each event that came after `after`, until those are all read; awaited before the next. */
  readonly onPast: (event: TopicEvent) => Promise<void>;
  /** Called when events cannot be followed any more; nothing is called after it. */
  readonly onFailure: (error: unknown) => void;
}

/**
 * Events of the bus for the subscriptions of one process: one consumer for each topic, however many follow it.
 *
 * 1. `follow` resolves once nothing that is published from then on is missed; it rejects with StoreError where the bus does not answer.
 * 2. With `after`, every event that was published since is delivered, and in order for each key. Others than those of its key may come again that
 *    were published up to two seconds before it. The topic is the log, so any process on the same bus can go on where another one ended.
 * 3. It rejects with LoomError SUBSCRIPTION_RESUME_EXPIRED where the topic does not hold all since `after`: nothing is left out without a word.
 * 4. At least once: an event may come twice, with the same id.
 */
export interface EventTopics extends AsyncDisposable {
  follow(topic: string, options: FollowOptions): Promise<Following>;
}

export interface Following {
  close(): void;
}

interface Topic {
  readonly followers: Set<(event: TopicEvent) => void>;
  close(): Promise<void>;
}

export function createEventTopics(deps: { readonly bus: Bus; readonly logger: Logger }): EventTopics {
  const { bus, logger } = deps;
  const opened = new Map<string, Promise<Topic>>();
  const catchingUp = new Set<Promise<void>>();
  const closings = new Set<() => void>();

  const topicOf = (name: string): Promise<Topic> => {
    let opening = opened.get(name);
    if (opening === undefined) {
      opening = openTopic(name, bus);
      opened.set(name, opening);
      opening.catch(() => opened.delete(name));
    }
    return opening;
  };

  const followFrom = (name: string, { followers }: Topic, after: EventPosition, options: FollowOptions): Following => {
    const { onEvent, onPast, onFailure } = options;
    let waiting: TopicEvent[] | undefined = [];
    let isClosed = false;
    const close = (): void => {
      isClosed = true;
      followers.delete(follower);
      closings.delete(close);
    };
    const fail = (error: unknown): void => {
      if (isClosed) return;
      close();
      onFailure(error);
    };
    const follower = (event: TopicEvent): void => {
      if (waiting === undefined) onEvent(event);
      else if (waiting.push(event) > MAX_WAITING) fail(resumeExpired());
    };
    const catchUp = async (): Promise<void> => {
      const onNear = (): void => void followers.add(follower);
      const seen = await readPast({ bus, topic: name, after, onPast, onNear, isClosed: () => isClosed });
      for (const event of waiting ?? []) if (!isClosed && !seen.has(event.messageId)) onEvent(event);
      waiting = undefined;
    };
    const running = catchUp()
      .catch(fail)
      .finally(() => catchingUp.delete(running));
    catchingUp.add(running);
    closings.add(close);
    return { close };
  };

  return {
    async follow(name, options) {
      const { after, onEvent } = options;
      if (after !== undefined && (await bus.heldSince(name)) > after.publishedAt) throw resumeExpired();
      const topic = await topicOf(name);
      if (after !== undefined) return followFrom(name, topic, after, options);
      topic.followers.add(onEvent);
      return { close: () => void topic.followers.delete(onEvent) };
    },
    async [Symbol.asyncDispose]() {
      for (const close of closings) close();
      await Promise.all(catchingUp);
      const topics = await Promise.allSettled(opened.values());
      opened.clear();
      for (const topic of topics) {
        if (topic.status === 'rejected') continue;
        await topic.value.close().catch((error: unknown) => logger.warn('A consumer of events could not be closed', { error }));
      }
    },
  };
}

async function openTopic(topic: string, bus: Bus): Promise<Topic> {
  const followers: Topic['followers'] = new Set();
  // A group of its own: every process must hear of every event.
  const group = `gateway-live-${randomUUID()}`;
  const subscription: Subscription = await bus.subscribe({
    topic,
    group,
    from: 'latest',
    handler: (message) => {
      if (followers.size > 0) {
        const event = toTopicEvent(message);
        for (const follower of followers) follower(event);
      }
      return Promise.resolve();
    },
  });
  return {
    followers,
    async close() {
      await subscription.close();
      await bus.dropGroup(topic, group);
    },
  };
}

export function resumeExpired(): LoomError {
  return new LoomError(
    'SUBSCRIPTION_RESUME_EXPIRED',
    'What came after this "Last-Event-ID" is not kept any more: read what you need anew, and subscribe without it.',
  );
}
