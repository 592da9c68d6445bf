import type { Health } from '@loomgraph/core';

/**
 * Events between services. Topics and groups are named with `A-Za-z0-9._-`, at most 200 characters; another name rejects with LoomError
 * BAD_USER_INPUT.
 *
 * 1. `publish` resolves once the backend has the messages durably (in-process: once every group has them queued).
 * 2. At least once: each group sees every message published to the topic after the group was created; one member of the group
 *    handles it. A handler that rejects sees the message again, after a delay that grows, or as long as the error's `details.retryAfterMs`.
 * 3. Messages with the same `key` reach a group in the order they were published, as long as its handlers succeed. While one is
 *    redelivered those behind it with the same key wait, others do not.
 * 4. `messageId` comes through unchanged, so that a consumer can recognise what it has applied already.
 * 5. `subscribe` starts a new group at `from`: only new messages (`latest`, the default), counted from when `subscribe` resolves at the
 *    latest, all the topic still holds (`earliest`), or from a point in time (`StartPoint`). A group that exists goes on where it stood.
 * 6. `Subscription.close` waits for the handler in progress; what was not acknowledged is delivered to another member.
 * 7. After `close`, which closes the subscriptions too, every call rejects with StoreError `unavailable`; `health` answers `ok: false`.
 * 8. A backend that stops answering makes calls reject with StoreError `unavailable` or `timeout` within a bounded time; subscriptions
 *    go on by themselves once it is back.
 * 9. A topic holds messages beyond their handling, so that a group can start in the past: `heldSince` says how far back. What it has to give
 *    up before a group saw it is counted by `takeLost`.
 */
export interface Bus extends AsyncDisposable {
  publish(topic: string, messages: readonly BusMessage[]): Promise<void>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** How many messages of the topic the group has not acknowledged; 0 for a topic or group that does not exist. */
  lag(topic: string, group: string): Promise<number>;
  /** Whether the group has acknowledged every message published before this time; false for a group that does not exist. */
  hasPassed(topic: string, group: string, atMs: number): Promise<boolean>;
  /** The time from which on the topic holds everything that was published; 0 when it never gave anything up. */
  heldSince(topic: string): Promise<number>;
  /** Messages that the topic gave up before the group had them, since this was last asked. At least once: two askers may both be told. */
  takeLost(topic: string, group: string): Promise<number>;
  /** Forgets a group, so that nothing is kept for it; false, and nothing happens, while it has members. */
  dropGroup(topic: string, group: string): Promise<boolean>;
  health(): Promise<Health>;
  close(): Promise<void>;
}

export interface BusMessage {
  readonly messageId: string;
  /** Order is kept per key: the id of the record the event is about. */
  readonly key: string;
  /** JSON text; its schema is named by the headers `type` and `version`. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A start in the past, by the backend's clock. */
export interface StartPoint {
  /** The first message that was published at or after this time, ms since the epoch. */
  readonly sinceMs: number;
  /** A group of the topic: where that one stands further back, this one starts there. */
  readonly notAfter?: string;
}

export interface SubscribeOptions {
  readonly topic: string;
  readonly group: string;
  readonly from?: 'latest' | 'earliest' | StartPoint;
  /** At most this many messages are handled at once; those of one key never are. Default 1. */
  readonly concurrency?: number;
  readonly handler: (message: DeliveredMessage) => Promise<void>;
}

export interface DeliveredMessage extends BusMessage {
  readonly topic: string;
  /** By the backend's clock, ms since the epoch. */
  readonly publishedAt: number;
  /** 1 for the first delivery. A backend that does not keep it starts again at 1 with another member. */
  readonly attempt: number;
}

export interface Subscription extends AsyncDisposable {
  close(): Promise<void>;
}
