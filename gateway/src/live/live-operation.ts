import { LoomError } from '@loomgraph/core';
import type { EngineRequest, LivePayload, LiveStream } from '../execution/engine.js';
import type { Binding } from './binding.js';
import { BoundedQueue, type QueueBounds } from './bounded-queue.js';
import type { OpenedSource, SourceEvent, SourceSink } from './open-source.js';

/** Why a subscription is over; the label `reason` of `gateway_subscriptions_ended_total`. */
export type EndReason =
  /** Its source has no more events. */
  | 'completed'
  | 'client_gone'
  | 'slow_consumer'
  /** Its source broke. */
  | 'source_failed'
  /** Who asked may not any more. */
  | 'unauthenticated'
  | 'schema_changed'
  | 'restart';

/** An event with what it is run on: an answer of a subgraph has the shape that one plan asked for, an entity any. */
interface Waiting extends SourceEvent {
  readonly binding: Binding | undefined;
}

export interface LiveOperationDeps {
  readonly request: EngineRequest;
  readonly queue: QueueBounds;
  /** Why the caller may not go on; undefined while it may. */
  readonly refusal: () => LoomError | undefined;
  /** Answers one event; undefined where it is none for this caller. */
  readonly answer: (event: SourceEvent, binding: Binding) => Promise<string | undefined>;
  readonly show: (error: unknown) => Extract<LivePayload, { kind: 'failed' }>['errors'];
  /** Called once. */
  readonly onEnd: (reason: EndReason, error: unknown) => void;
}

/** One subscription, from its source to its one consumer. Events are answered one after the other, when the consumer asks for the next. */
export class LiveOperation implements LiveStream {
  readonly request: EngineRequest;
  readonly #deps: LiveOperationDeps;
  readonly #queue: BoundedQueue<Waiting>;
  readonly #cut = new AbortController();
  #binding: Binding;
  #source: OpenedSource | undefined;
  #end: Exclude<LivePayload, { kind: 'event' }> | undefined;

  constructor(binding: Binding, deps: LiveOperationDeps) {
    this.request = deps.request;
    this.#deps = deps;
    this.#binding = binding;
    this.#queue = new BoundedQueue(deps.queue);
  }

  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  get binding(): Binding {
    return this.#binding;
  }

  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** Where the events of one source go. */
  sinkFor(binding: Binding): SourceSink {
    const waiting = (event: SourceEvent): Waiting => ({ ...event, binding: event.occurrence.kind === 'answer' ? binding : undefined });
    const isCurrent = (): boolean => this.#binding === binding || this.#binding.source.kind === 'topic';
    return {
      event: (event) => {
        if (!this.#queue.push(waiting(event), event.bytes)) this.#cutOff();
      },
      past: async (event) => {
        await this.#queue.empty();
        this.#queue.push(waiting(event), event.bytes);
      },
      ended: () => {
        if (isCurrent()) this.finish('completed', { kind: 'complete' });
      },
      failed: (error) => {
        if (isCurrent()) this.fail('source_failed', error);
      },
    };
  }

  /** Goes on with another binding, and another source where one is given. */
  take(binding: Binding, source: OpenedSource | undefined): void {
    const earlier = this.#source;
    this.#binding = binding;
    if (source === undefined) return;
    this.#source = source;
    earlier?.close();
    if (this.isOver) source.close();
  }

  async next(): Promise<LivePayload> {
    for (;;) {
      const event = await this.#queue.take();
      if (event === undefined) return this.#end ?? { kind: 'complete' };
      if (!this.check()) continue;
      const body = await this.#deps.answer(event, event.binding ?? this.#binding);
      if (body !== undefined) return { kind: 'event', body, id: event.id };
    }
  }

  close(): void {
    this.finish('client_gone', { kind: 'complete' });
    this.#queue.clear();
  }

  /** Whether its caller may go on; ends it where they may not, with what waits for them. */
  check(): boolean {
    const refusal = this.#deps.refusal();
    if (refusal === undefined) return true;
    this.fail('unauthenticated', refusal);
    this.#queue.clear();
    return false;
  }

  fail(reason: EndReason, error: unknown): void {
    if (this.isOver) return;
    this.finish(reason, { kind: 'failed', errors: this.#deps.show(error) }, error);
  }

  /** What waits is answered before. */
  finish(reason: EndReason, end: Exclude<LivePayload, { kind: 'event' }>, error?: unknown): void {
    if (this.isOver) return;
    this.#end = end;
    this.#source?.close();
    this.#queue.end();
    this.#deps.onEnd(reason, error);
  }

  #cutOff(): void {
    if (this.isOver) return;
    const error = new LoomError('SUBSCRIPTION_SLOW_CONSUMER', 'Events came faster than they were read.');
    this.fail('slow_consumer', error);
    this.#queue.clear();
    this.#cut.abort(error);
  }
}
