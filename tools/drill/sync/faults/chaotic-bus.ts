import type { Bus, DeliveredMessage } from '@loomgraph/stores/bus';
import type { Random } from '../../../harness/random.ts';

/** One message in this many comes twice, or drags an old one along. */
const ONE_IN = 12;
const REMEMBERED = 50;

/** A bus that delivers what it may: again right away, and again much later, behind newer messages of the same key. */
export function chaoticBus(bus: Bus, { random, report }: { random: Random; report: (kind: string) => void }): Bus {
  const old: DeliveredMessage[] = [];
  const remember = (message: DeliveredMessage): void => {
    old.push(message);
    if (old.length > REMEMBERED) old.shift();
  };
  return {
    publish: (topic, messages) => bus.publish(topic, messages),
    subscribe: (options) =>
      bus.subscribe({
        ...options,
        handler: async (message) => {
          await options.handler(message);
          remember(message);
          if (random.integer(1, ONE_IN) > 1) return;
          const again = random.next() < 0.5 ? message : random.pick(old);
          report(again === message ? 'duplicate event' : 'reorder event');
          await options.handler({ ...again, attempt: again.attempt + 1 });
        },
      }),
    lag: (topic, group) => bus.lag(topic, group),
    hasPassed: (...parameters) => bus.hasPassed(...parameters),
    heldSince: (...parameters) => bus.heldSince(...parameters),
    takeLost: (...parameters) => bus.takeLost(...parameters),
    dropGroup: (...parameters) => bus.dropGroup(...parameters),
    health: () => bus.health(),
    close: () => bus.close(),
    [Symbol.asyncDispose]: () => bus[Symbol.asyncDispose](),
  };
}
