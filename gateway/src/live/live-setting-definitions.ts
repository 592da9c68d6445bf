import { byteSize, duration, integer, setting } from '@loomgraph/config';
import type { LiveSettings } from './live-settings.js';

export const liveSettings = {
  maxTotal: setting({
    env: 'MAX_SUBSCRIPTIONS',
    schema: integer({ min: 0 }),
    default: 10_000,
    doc: 'How many subscriptions may be open at this process; 0 refuses them all.',
  }),
  maxPerCaller: setting({
    env: 'MAX_SUBSCRIPTIONS_PER_CALLER',
    schema: integer({ min: 1 }),
    default: 100,
    doc: 'How many subscriptions of one user, or without a token of one address, may be open at this process.',
  }),
  maxQueuedEvents: setting({
    env: 'SUBSCRIPTION_QUEUE',
    schema: integer({ min: 1 }),
    default: 1_000,
    doc: 'How many events may wait for a client that reads slowly before its subscription is ended.',
  }),
  maxQueuedBytes: setting({
    env: 'SUBSCRIPTION_QUEUE_SIZE',
    schema: byteSize({ minBytes: 1_024 }),
    default: '4mb',
    doc: 'How large the events that wait for a client may be together, as they came.',
  }),
  heartbeatMs: setting({
    env: 'SUBSCRIPTION_HEARTBEAT',
    schema: duration({ minMs: 100 }),
    default: '15s',
    doc: 'How often a stream says that it is alive; shorter than the idle time of any proxy in between.',
  }),
  spreadMs: setting({
    env: 'SUBSCRIPTION_SPREAD',
    schema: duration(),
    default: '5s',
    doc: 'Over which time subscriptions take up a changed schema one after the other, and clients are told to come back after a restart.',
  }),
} as const;

export function toLiveSettings(settings: {
  readonly maxTotal: number;
  readonly maxPerCaller: number;
  readonly maxQueuedEvents: number;
  readonly maxQueuedBytes: number;
  readonly heartbeatMs: number;
  readonly spreadMs: number;
}): LiveSettings {
  const { maxQueuedEvents: maxItems, maxQueuedBytes: maxBytes, ...rest } = settings;
  return { ...rest, queue: { maxItems, maxBytes } };
}
