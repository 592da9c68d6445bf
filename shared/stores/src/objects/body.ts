import type { Readable } from 'node:stream';

/** The chunks of a body. An error of the caller's own stream is kept in `failure`, to be told from those of the store. */
export class BodyReader implements AsyncIterable<Uint8Array> {
  readonly #body: Uint8Array | Readable;
  failure: { readonly error: unknown } | undefined;

  constructor(body: Uint8Array | Readable) {
    this.#body = body;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    if (this.#body instanceof Uint8Array) {
      yield this.#body;
      return;
    }
    const chunks: AsyncIterator<unknown> = this.#body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await this.#read(chunks);
        if (next.done) return;
        yield typeof next.value === 'string' ? Buffer.from(next.value) : (next.value as Uint8Array);
      }
    } finally {
      await chunks.return?.();
    }
  }

  async #read(chunks: AsyncIterator<unknown>): Promise<IteratorResult<unknown>> {
    try {
      return await chunks.next();
    } catch (error) {
      this.failure = { error };
      throw error;
    }
  }
}
