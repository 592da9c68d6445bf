/** How much may wait for one consumer. */
export interface QueueBounds {
  readonly maxItems: number;
  readonly maxBytes: number;
}

/**
 * Items that wait for one consumer, in order.
 *
 * 1. `push` answers false, and keeps nothing, where the item would go over the bounds; one item alone always fits.
 * 2. `end` puts an end after the items that wait; `clear` one in place of them.
 * 3. `take` is called by one reader at a time.
 */
export class BoundedQueue<T> {
  readonly #bounds: QueueBounds;
  readonly #items: { readonly item: T; readonly bytes: number }[] = [];
  #bytes = 0;
  #isOver = false;
  #reader: ((item: T | undefined) => void) | undefined;
  #waiting: (() => void)[] = [];

  constructor(bounds: QueueBounds) {
    this.#bounds = bounds;
  }

  push(item: T, bytes: number): boolean {
    if (this.#isOver) return true;
    if (this.#reader !== undefined) {
      this.#read(item);
      return true;
    }
    const { maxItems, maxBytes } = this.#bounds;
    if (this.#items.length > 0 && (this.#items.length >= maxItems || this.#bytes + bytes > maxBytes)) return false;
    this.#items.push({ item, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** Resolves when nothing waits, or the queue has ended: for what can wait to be put in. */
  async empty(): Promise<void> {
    if (this.#items.length > 0 && !this.#isOver) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** The next item; undefined at the end. */
  take(): Promise<T | undefined> {
    const next = this.#items.shift();
    if (next !== undefined) {
      this.#bytes -= next.bytes;
      if (this.#items.length === 0) this.#wake();
      return Promise.resolve(next.item);
    }
    if (this.#isOver) return Promise.resolve(undefined);
    return new Promise((resolve) => (this.#reader = resolve));
  }

  end(): void {
    this.#isOver = true;
    this.#read(undefined);
    this.#wake();
  }

  clear(): void {
    this.#items.length = 0;
    this.#bytes = 0;
    this.end();
  }

  #read(item: T | undefined): void {
    const reader = this.#reader;
    this.#reader = undefined;
    reader?.(item);
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }
}
