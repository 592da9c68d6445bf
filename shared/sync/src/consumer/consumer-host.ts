import { setTimeout as sleep } from 'node:timers/promises';
import { LoomError } from '@loomgraph/core';
import type { Bus } from '@loomgraph/stores/bus';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { noFaults, type Faults } from '../relay/faults.js';
import { ConsumerTally, createConsumerMetrics, type ConsumerMetrics } from './consumer-tally.js';
import { readConsumers } from './consumer-status.js';
import { Consumption } from './consumption.js';
import type { Consumer } from './define-consumer.js';
import { logEvents, measureEvents, traceEvents } from './middleware.js';
import { beginReplay, type ReplayOptions } from './replay.js';

export interface ConsumerHostOptions {
  readonly store: RelationalStore;
  readonly bus: Bus;
  readonly consumers: readonly Consumer[];
  readonly subgraph: string;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** How often figures are written, parked events looked at, and replays begun elsewhere noticed. Default 2,000. */
  readonly lookMs?: number;
  /** How far clocks of different machines may be apart. Default 60,000, and 0 on a database that only this process has. */
  readonly clockSkewMs?: number;
  readonly faults?: Faults;
}

export interface ReplayResult {
  readonly consumer: string;
  /** Where it really began, ms since the epoch. */
  readonly since: number;
  /** Events that were on the topic, those of other types included. */
  readonly events: number;
}

const REPLAY_POLL_MS = 250;
/** How long members of the former group are given to leave it. */
const LEAVE_MS = 30_000;

/**
 * Runs the consumers of a subgraph; any number of processes may. Around each event run, outermost first: trace, log, measure, the consumer's own
 * middleware, the transaction with the inbox, the time limit, and the handler.
 */
export class ConsumerHost implements AsyncDisposable {
  readonly #options: ConsumerHostOptions;
  readonly #clockSkewMs: number;
  readonly #running: readonly { readonly consumption: Consumption; readonly tally: ConsumerTally }[];
  readonly #metrics: ConsumerMetrics;
  readonly #stop = new AbortController();
  #looking: Promise<void> = Promise.resolve();

  constructor(options: ConsumerHostOptions) {
    const { store, bus, consumers, subgraph, logger, metrics, faults = noFaults } = options;
    this.#options = options;
    this.#clockSkewMs = options.clockSkewMs ?? (store.exclusive ? 0 : 60_000);
    this.#metrics = createConsumerMetrics(metrics, subgraph);
    const outer = [traceEvents, logEvents(logger), measureEvents(metrics, subgraph)];
    this.#running = consumers.map((consumer) => {
      const tally = new ConsumerTally(consumer, store, this.#metrics);
      const middleware = [...outer, ...consumer.middleware];
      return {
        tally,
        consumption: new Consumption({ consumer, store, bus, tally, middleware, faults, logger, clockSkewMs: this.#clockSkewMs }),
      };
    });
  }

  /** Resolves once every consumer reads its topic. Rejects when the store or the bus is away. */
  async start(): Promise<void> {
    for (const { consumption } of this.#running) await consumption.start();
    this.#looking = this.#look();
  }

  /**
   * Hands a consumer its events from a point in time again, ms since the epoch, and resolves when it has them. 0 is as far back as the topic and
   * the inbox reach.
   * @throws LoomError as `beginReplay`; NOT_FOUND for a consumer that is not of this host; the signal's reason
   */
  async replay(name: string, sinceMs: number, options: ReplayOptions = {}): Promise<ReplayResult> {
    const { jobId, onProgress, signal } = options;
    const found = this.#running.find(({ consumption }) => consumption.consumer.name === name);
    if (!found) throw new LoomError('NOT_FOUND', `${name} is no consumer of ${this.#options.subgraph}.`);
    const { store, bus } = this.#options;
    const { topic } = found.consumption.consumer;
    const parts = { store, bus, consumer: found.consumption.consumer, clockSkewMs: this.#clockSkewMs };
    const replay = await beginReplay(parts, { sinceMs, jobId });
    await found.consumption.follow();
    let total = 0;
    for (let isOver = false; !isOver;) {
      isOver = await bus.hasPassed(topic, replay.group, replay.beganAt);
      const waiting = await bus.lag(topic, replay.group);
      total = Math.max(total, waiting);
      await onProgress?.(isOver ? total : total - waiting, total);
      if (!isOver) await sleep(REPLAY_POLL_MS, undefined, signal ? { signal } : {});
    }
    await this.#dropGroup(topic, replay.formerGroup);
    return { consumer: name, since: replay.sinceMs, events: total };
  }

  /** Waits for handlers in progress; what is not acknowledged is delivered to another member. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
    await Promise.all(this.#running.map(({ consumption }) => consumption.close()));
    // Figures: when the store is away they are lost with the process.
    await Promise.allSettled(this.#running.map(({ tally }) => tally.write()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #look(): Promise<void> {
    const { lookMs = 2_000, logger, subgraph, store } = this.#options;
    while (!this.#stop.signal.aborted) {
      await sleep(lookMs, undefined, { signal: this.#stop.signal }).catch(() => undefined);
      if (this.#stop.signal.aborted) return;
      const looked = await Promise.allSettled([
        ...this.#running.flatMap(({ consumption, tally }) => [
          consumption.follow().then(() => consumption.takeUp()),
          // Figures are written whether the bus answers or not.
          consumption.observe().finally(() => tally.write()),
        ]),
        readConsumers(store).then((all) => all.forEach((status) => this.#metrics.putAside(status))),
      ]);
      for (const one of looked)
        if (one.status === 'rejected') logger.warn('A consumer could not be looked after.', { subgraph, error: one.reason as unknown });
    }
  }

  /** Topics keep what a group has not seen. Other processes leave the former one at their next look. */
  async #dropGroup(topic: string, group: string): Promise<void> {
    const { bus, logger } = this.#options;
    for (const startedAt = Date.now(); Date.now() - startedAt < LEAVE_MS && !this.#stop.signal.aborted; await sleep(REPLAY_POLL_MS))
      if (await bus.dropGroup(topic, group)) return;
    logger.warn('The group that a replay left still has members.', { topic, group });
  }
}
