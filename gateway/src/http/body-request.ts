import { IncomingMessage } from 'node:http';

/** Takes the body of a request, piece by piece. */
export interface BodySink {
  data(chunk: Buffer): void;
  end(): void;
  /** The connection ended; called after `end`, too, where it ends then. */
  brokenOff(): void;
}

/**
 * A request whose body can be taken as it comes off the connection; otherwise the stream that every request is.
 *
 * Node's parser hands each piece to `push`, and null at the end. To read a small body as a stream takes listeners, four ticks and the end and the
 * destruction of the stream: of a request whose answer is there already, that was a tenth of its CPU.
 */
export class BodyRequest extends IncomingMessage {
  #sink: BodySink | undefined;

  /** Once at most, and not where the stream is read. */
  takeBody(sink: BodySink): void {
    this.#sink = sink;
    if (this.readableLength === 0 && !this.complete) return;
    for (let chunk: unknown = this.read(); chunk !== null; chunk = this.read()) sink.data(chunk as Buffer); // no encoding is set
    if (this.complete) sink.end();
  }

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    if (this.#sink === undefined) return super.push(chunk, encoding);
    if (chunk === null) this.#sink.end();
    else this.#sink.data(chunk);
    return true;
  }

  /** Node resumes what nobody has read when it is answered: here nothing is left in the stream. */
  override resume(): this {
    return this.#sink === undefined ? super.resume() : this;
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#sink?.brokenOff();
    super._destroy(error, callback);
  }
}
