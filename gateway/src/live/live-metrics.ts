import type { Metrics } from '@loomgraph/telemetry';
import type { EndReason } from './live-operation.js';

/** How subscriptions fare. */
export interface LiveMetrics {
  event(): void;
  resumed(): void;
  ended(reason: EndReason): void;
}

export function createLiveMetrics(metrics: Metrics, count: () => number): LiveMetrics {
  metrics.gauge('gateway_subscriptions', 'Subscriptions that are open.', [], (gauge) => gauge.set({}, count()));
  const events = metrics.counter('gateway_subscription_events_total', 'Answers to events of subscriptions.');
  const resumed = metrics.counter('gateway_subscriptions_resumed_total', 'Subscriptions that went on after an event their client had.');
  const ended = metrics.counter('gateway_subscriptions_ended_total', 'Subscriptions that ended, by why.', ['reason']);
  events.inc({}, 0);
  resumed.inc({}, 0);
  return {
    event: () => events.inc({}),
    resumed: () => resumed.inc({}),
    ended: (reason) => ended.inc({ reason }),
  };
}
