import type { Cancellation } from './cancellation.js';
import type { Caller } from './engine.js';

/**
 * Lets identical queries that arrive while one of them runs share its execution.
 *
 * 1. Identical: the same operation, variables, `@override` choice, identity and forwarded headers.
 * 2. An execution can be joined until it has ended, so what is read may be older than the request by what it takes. A caller who must see a
 *    write brings its sync token, and joins nobody.
 * 3. Not across a mutation: one that ended in this process keeps later queries from joining executions that began before it.
 */
export interface Coalescing<T> {
  /** @param cancellation of who joins: the execution goes on while one of its requests waits */
  join(key: string, cancellation?: Cancellation): Promise<T> | undefined;
  isOpen(key: string): boolean;
  /** @returns ends joining, and answers whether anybody has joined */
  open(key: string, execution: Promise<T>, cancellation?: Cancellation): () => boolean;
  mutationEnded(): void;
  readonly size: number;
}

interface Entry<T> {
  readonly execution: Promise<T>;
  readonly cancellation: Cancellation | undefined;
  wasJoined: boolean;
}

export function createCoalescing<T>(): Coalescing<T> {
  let running = new Map<string, Entry<T>>();
  return {
    join(key, cancellation) {
      const entry = running.get(key);
      // What was cancelled answers nobody.
      if (entry === undefined || entry.cancellation?.reason !== undefined) return undefined;
      entry.cancellation?.join(cancellation);
      entry.wasJoined = true;
      return entry.execution;
    },
    isOpen: (key) => running.has(key),
    open(key, execution, cancellation) {
      const opened = running;
      const entry: Entry<T> = { execution, cancellation, wasJoined: false };
      opened.set(key, entry);
      return () => {
        if (opened.get(key) === entry) opened.delete(key);
        return entry.wasJoined;
      };
    },
    mutationEnded() {
      if (running.size > 0) running = new Map();
    },
    get size() {
      return running.size;
    },
  };
}

/** Everything of a caller that may change an answer; not the request id. */
export function callerKey({ identity, forwardedHeaders }: Caller): string {
  if (identity === null && forwardedHeaders === undefined) return '';
  return JSON.stringify([identity, forwardedHeaders]);
}
