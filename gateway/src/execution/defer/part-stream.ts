/**
 * Texts of an answer in parts, in the order they are put in.
 *
 * 1. Whoever reads waits for the next text; what is put in faster than it is read is kept.
 * 2. `return` ends it at once, even while a text is waited for, and calls `onReturn` if the end had not been put in.
 * 3. A failure is thrown to the reader after the texts that were put in before it.
 */
export class PartStream implements AsyncIterableIterator<string> {
  readonly #texts: string[] = [];
  readonly #onReturn: () => void;
  #reader: PromiseWithResolvers<IteratorResult<string>> | undefined;
  #state: 'open' | 'over' = 'open';
  #failure: Error | undefined;

  constructor(onReturn: () => void) {
    this.#onReturn = onReturn;
  }

  push(text: string): void {
    if (this.#state !== 'open') return;
    if (this.#reader === undefined) this.#texts.push(text);
    else this.#takeReader()?.resolve({ done: false, value: text });
  }

  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'over';
    this.#takeReader()?.resolve(OVER);
  }

  fail(error: Error): void {
    if (this.#state !== 'open') return;
    this.#state = 'over';
    this.#failure = error;
    this.#takeReader()?.reject(error);
  }

  next(): Promise<IteratorResult<string>> {
    const value = this.#texts.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    if (this.#state === 'over') return Promise.resolve(OVER);
    this.#reader = Promise.withResolvers();
    return this.#reader.promise;
  }

  return(): Promise<IteratorResult<string>> {
    const wasOpen = this.#state === 'open';
    this.#texts.length = 0;
    this.end();
    if (wasOpen) this.#onReturn();
    return Promise.resolve(OVER);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #takeReader(): PromiseWithResolvers<IteratorResult<string>> | undefined {
    const reader = this.#reader;
    this.#reader = undefined;
    return reader;
  }
}

const OVER: IteratorReturnResult<undefined> = { done: true, value: undefined };
