import { createEvent, eventCatalogue, topicOf } from '@loomgraph/events';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { createUnitOfWork } from '@loomgraph/sync';
import type { RelayApi } from '../processes/relay-member.ts';
import { startMember } from '../processes/start.ts';
import { openDatabase, openStores } from '../workload/open-database.ts';
import { idOf } from '../workload/rows.ts';
import { watchCpuSplit } from './cpu-split.ts';
import type { Part, Run } from './part.ts';

const TIMEOUT_MS = 300_000;
const WARM_UP = 200;
const EVENTS_PER_TRANSACTION = 500;
const TYPE = 'templates.used';

/** How fast one relay publishes events that wait in the outbox. */
export async function measureBusThroughput({ settings, size, say }: Run): Promise<Part> {
  const name = 'drain_bus';
  await using stores = openStores(settings);
  const store = await openDatabase(stores, { name });
  await using relay = startMember<RelayApi>(new URL('../processes/relay-member.ts', import.meta.url));
  await relay.ask('open', { settings, name, targets: [] });

  await using received = await receive(stores);
  await appendEvents(store, 0, WARM_UP);
  await relay.ask('drain', { expected: WARM_UP, of: 'events', timeoutMs: TIMEOUT_MS });
  const early = await received.problems(WARM_UP);
  if (early.length > 0) return { figures: [], notes: [], failures: early };

  await appendEvents(store, WARM_UP, size.backlog);
  const cpu = watchCpuSplit({ relay: relay.pid });
  const { seconds } = await relay.ask('drain', { expected: size.backlog, of: 'events', timeoutMs: TIMEOUT_MS });
  const split = cpu();
  const perSecond = size.backlog / seconds;
  say(`throughput: bus ${Math.round(perSecond)} events/s (${split})`);
  return {
    figures: [
      {
        name: 'throughput.bus',
        value: perSecond,
        meaning: 'events/s that one relay brings from the outbox to Redis Streams; a consumer reads along',
      },
    ],
    notes: [`throughput.bus, ${size.backlog.toLocaleString('en')} events: ${split}`],
    failures: await received.problems(WARM_UP + size.backlog),
  };
}

async function appendEvents(store: RelationalStore, from: number, count: number): Promise<void> {
  const unitOfWork = createUnitOfWork(store, () => undefined);
  for (let start = from; start < from + count; start += EVENTS_PER_TRANSACTION) {
    await unitOfWork.run(({ append }) => {
      for (let number = start; number < Math.min(from + count, start + EVENTS_PER_TRANSACTION); number++) append(usedEvent(number));
      return Promise.resolve();
    });
  }
}

function usedEvent(number: number) {
  const usedAt = new Date().toISOString();
  return createEvent(eventCatalogue[TYPE], {
    templateId: idOf(number),
    userId: `user-${number % 97}`,
    usageCount: 1 + (number % 5),
    usedAt,
  });
}

/** A group that has what was published: every event must come, and hold what was appended. */
async function receive(stores: StoreSet) {
  const bus = await stores.bus();
  const seen = new Map<string, string>();
  const subscription = await bus.subscribe({
    topic: topicOf(TYPE),
    group: 'bench-receiver',
    from: 'earliest',
    concurrency: 200,
    handler: ({ key, body }) => {
      seen.set(key, body);
      return Promise.resolve();
    },
  });
  return {
    async problems(expected: number): Promise<string[]> {
      for (const deadline = Date.now() + TIMEOUT_MS; seen.size < expected && Date.now() < deadline;)
        await new Promise((resolve) => setTimeout(resolve, 20));
      const wrong = [...seen].filter(([key, body]) => !body.includes(`"${key}"`));
      return [
        ...(seen.size === expected ? [] : [`bus: ${seen.size} of ${expected} events came`]),
        ...(wrong.length === 0 ? [] : [`bus: ${wrong.length} events came with another body`]),
      ];
    },
    [Symbol.asyncDispose]: () => subscription.close(),
  };
}
