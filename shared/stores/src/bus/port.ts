import type { Health } from '@loomgraph/core';

/**
 * Events between services.
 *
 * 1. `publish` resolves once the backend has the messages durably (in-process: once every group has them queued).
 * 2. At least once: each group sees every message published to the topic after the group was created; one member of the group
 *    handles it. A handler that rejects sees the message again.
 * 3. Messages with the same `key` reach a group in the order they were published, as long as its handlers succeed.
 * 4. `messageId` comes through unchanged, so that a consumer can recognise what it has applied already.
 * 5. `subscribe` starts a new group at `from`: only new messages (`latest`) or all the topic still holds (`earliest`).
 * 6. `Subscription.close` waits for the handler in progress; what was not acknowledged is delivered to another member.
 * 7. After `close`, every call rejects with StoreError `unavailable`.
 */
export interface Bus extends AsyncDisposable {
  publish(topic: string, messages: readonly BusMessage[]): Promise<void>;
  subscribe(options: SubscribeOptions): Promise<Subscription>;
  /** Per topic and group: how many messages wait. */
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
  /** At most this many messages are handled at once; those of one key never are. */
  readonly concurrency?: number;
  readonly handler: (message: DeliveredMessage) => Promise<void>;
}

export interface DeliveredMessage extends BusMessage {
  readonly topic: string;
  /** 1 for the first delivery. */
  readonly attempt: number;
}

export interface Subscription extends AsyncDisposable {
  close(): Promise<void>;
}
