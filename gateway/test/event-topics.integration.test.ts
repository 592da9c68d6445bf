import { createKafkaBus, createMemoryBus, createRedisStreamsBus, type Bus } from '@loomgraph/stores/bus';
import { silentLogger } from '@loomgraph/telemetry';
import { realStore } from '@loomgraph/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEventTopics, type EventTopics } from '../src/live/event-topics.js';
import type { TopicEvent } from '../src/live/topic-event.js';

const WAIT_MS = 30_000;
const prefix = `live-${randomUUID().slice(0, 6)}`;
const buses: readonly (readonly [string, () => Bus])[] = [
  ['memory', () => createMemoryBus()],
  ...(realStore('REDIS_URL')
    ? [['Redis Streams', () => createRedisStreamsBus({ url: realStore('REDIS_URL')!, prefix: `${prefix}:` })] as const]
    : []),
  ...(realStore('KAFKA_URL') ? [['Kafka', () => createKafkaBus({ url: realStore('KAFKA_URL')!, prefix: `${prefix}.` })] as const] : []),
];

describe.each(buses)('G5 events of a topic: %s', (_name, open) => {
  let bus: Bus;
  let topics: EventTopics;
  const topic = `t-${randomUUID().slice(0, 6)}`;
  let sent = 0;
  const publish = async (key: string): Promise<string> => {
    const messageId = `m${(sent += 1)}`;
    await bus.publish(topic, [{ messageId, key, body: '{}', headers: { type: 'x.y' } }]);
    return messageId;
  };
  const follow = async (after?: TopicEvent) => {
    const events: TopicEvent[] = [];
    const following = await topics.follow(topic, {
      after,
      onEvent: (event) => void events.push(event),
      onPast: async (event) => void events.push(event),
      onFailure: (error) => {
        throw error;
      },
    });
    const until = async (messageId: string): Promise<void> => {
      for (const end = Date.now() + WAIT_MS; !events.some((event) => event.messageId === messageId); await sleep(10)) {
        if (Date.now() > end) throw new Error(`${messageId} did not come; ${events.map((event) => event.messageId).join()} did`);
      }
    };
    return { events, until, ...following };
  };

  beforeAll(() => {
    bus = open();
    topics = createEventTopics({ bus, logger: silentLogger });
  });
  afterAll(async () => {
    await topics[Symbol.asyncDispose]();
    await bus.close();
  }, WAIT_MS);

  it('reach everyone who follows, from when they follow', async () => {
    const [one, other] = [await follow(), await follow()];
    const id = await publish('a');
    await Promise.all([one.until(id), other.until(id)]);
    one.close();
    const later = await publish('a');
    await other.until(later);
    expect(one.events.map(({ messageId }) => messageId)).toEqual([id]);
    other.close();
  }, 60_000);

  it('go on after the last one had: those of its key in order and once, none left out, then what comes', async () => {
    const first = await follow();
    const before = await publish('k');
    await first.until(before);
    const had = first.events.at(-1)!;
    first.close();
    const missed: string[] = [];
    for (let index = 0; index < 20; index += 1) missed.push(await publish(index % 2 === 0 ? 'k' : 'other'));
    const second = await follow(had);
    await Promise.all(missed.map((id) => second.until(id)));
    const last = await publish('k');
    await second.until(last);
    const ofKey = second.events.filter(({ key }) => key === 'k').map(({ messageId }) => messageId);
    expect(ofKey).toEqual([...missed.filter((_, index) => index % 2 === 0), last]);
    second.close();
  }, 60_000);
});

describe('G5 events of a topic that has given some up', () => {
  it('are refused to who wants those', async () => {
    await using bus = createMemoryBus();
    await using topics = createEventTopics({ bus, logger: silentLogger });
    const refused = topics.follow('t', {
      after: { publishedAt: 1, messageId: 'm0' },
      onEvent: () => undefined,
      onPast: () => Promise.resolve(),
      onFailure: () => undefined,
    });
    await expect(refused).rejects.toMatchObject({ code: 'SUBSCRIPTION_RESUME_EXPIRED' });
  });
});
