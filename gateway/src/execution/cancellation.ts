import type { Timed } from '../deadlines.js';

/** Why an operation is no longer worth its work. */
export type CancelReason = 'disconnected' | 'timeout';

/** Something under way for an operation, which ends early when nobody waits for it any more. */
export interface Cancellable {
  cancel(reason: CancelReason): void;
}

/**
 * Tells everything under way for a request when its client has gone, or its time is over.
 *
 * 1. Requests that take what this one is answered join it: it is cancelled when all of them have left.
 * 2. Each cancellable is told once, or not at all where it was removed before.
 */
export class Cancellation implements Timed, Cancellable {
  readonly startedAt = performance.now();
  readonly #limitMs: number;
  #waiting = 1;
  #hasLeft = false;
  #reason: CancelReason | undefined;
  #underWay: Set<Cancellable> | undefined;
  #controller: AbortController | undefined;

  /** @param limitMs how long the request may take; Infinity where nothing says */
  constructor(limitMs: number = Infinity) {
    this.#limitMs = limitMs;
  }

  /** Undefined as long as somebody waits. */
  get reason(): CancelReason | undefined {
    return this.#reason;
  }

  /** Milliseconds that are left of its time. */
  get remainingMs(): number {
    return Math.max(0, this.startedAt + this.#limitMs - performance.now());
  }

  /** For what takes one: a store's driver, another client. Made when it is first asked for. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(abortError(this.#reason));
    }
    return this.#controller.signal;
  }

  add(cancellable: Cancellable): void {
    (this.#underWay ??= new Set()).add(cancellable);
  }

  remove(cancellable: Cancellable): void {
    this.#underWay?.delete(cancellable);
  }

  /** Another request takes this one's answer; undefined: one that always waits. To be called only while there is no `reason`. */
  join(other: Cancellation | undefined): void {
    this.#waiting += 1;
    other?.add({ cancel: (reason) => this.#leave(reason) });
  }

  /** Its own request waits no longer. */
  cancel(reason: CancelReason): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    this.#leave(reason);
  }

  expire(): void {
    this.cancel('timeout');
  }

  #leave(reason: CancelReason): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    this.#reason = reason;
    this.#controller?.abort(abortError(reason));
    const underWay = this.#underWay;
    this.#underWay = undefined;
    for (const cancellable of underWay ?? []) cancellable.cancel(reason);
  }
}

function abortError(reason: CancelReason): Error {
  return new DOMException(
    reason === 'timeout' ? 'The time of the operation is over.' : 'The client has gone.',
    reason === 'timeout' ? 'TimeoutError' : 'AbortError',
  );
}
