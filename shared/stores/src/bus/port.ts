import type { Health } from '@loomgraph/core';

/**
 * Events between services. Topics and groups are named with `A-Za-z0-9._-`, at most 200 characters; another name rejects with LoomError
 * BAD_USER_INPUT.
 *
 * 1. `publish` resolves once the backend has the messages durably (in-process: once every group has them queued).
 * 2. At least once: each group sees every message published to the topic after the group was created; one member of the group
 *    handles it. A handler that rejects sees the message again, after a delay that grows.
 * 3. Messages with the same `key` reach a group in the order they were published, as long as its handlers succeed. While one is
 *    redelivered those behind it with the same key wait, others do not.
 * 4. `messageId` comes through unchanged, so that a consumer can recognise what it has applied already.
 * 5. `subscribe` starts a new group at `from`: only new messages (`latest`, the default), counted from when `subscribe` resolves at the
 *    latest, or all the topic still holds (`earliest`). A group that exists goes on where it stood.
 * 6. `Subscription.close` waits for the handler in progress; what was not acknowledged is delivered to another member.
 * 7. After `close`, which closes the subscriptions too, every call rejects with StoreError `unavailable`; `health` answers `ok: false`.
 * 8. A backend that stops answering makes calls reject with StoreError `unavailable` or `timeout` within a bounded time; subscriptions
 *    go on by themselves once it is back.
 */
export interface Bus extends AsyncDisposable {
  publish(topic: string, messages: readonly BusMessage[]): Promise<void>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** How many messages of the topic the group has not acknowledged; 0 for a topic or group that does not exist. */
  lag(topic: string, group: string): Promise<number>;
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

export interface SubscribeOptions {
  readonly topic: string;
  readonly group: string;
  readonly from?: 'latest' | 'earliest';
  /** At most this many messages are handled at once; those of one key never are. Default 1. */
  readonly concurrency?: number;
  readonly handler: (message: DeliveredMessage) => Promise<void>;
}

export interface DeliveredMessage extends BusMessage {
  readonly topic: string;
  /** 1 for the first delivery. A backend that does not keep it starts again at 1 with another member. */
  readonly attempt: number;
}

export interface Subscription extends AsyncDisposable {
  close(): Promise<void>;
}
