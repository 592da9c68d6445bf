/** A TCP conversation with a local server, read in exact pieces: what the small protocol clients beside this share. */
import { connect, type Socket } from 'node:net';

export interface WireSocket {
  write(data: Buffer | string): void;
  /** Exactly `length` bytes. Throws when the peer closes or the time is over. */
  read(length: number): Promise<Buffer>;
  /** Up to the next CRLF, which is consumed and not returned. */
  readLine(): Promise<string>;
}

export interface WireTarget {
  readonly port: number;
  /** For the whole conversation. */
  readonly timeoutMs: number;
}

/** Connects to 127.0.0.1, runs `talk`, and closes. Any failure of the connection rejects, with the port in the message. */
export async function withSocket<T>({ port, timeoutMs }: WireTarget, talk: (socket: WireSocket) => Promise<T>): Promise<T> {
  const socket = connect({ port, host: '127.0.0.1' });
  const failure = failureOf(socket, port, timeoutMs);
  try {
    return await Promise.race([talk(wireSocket(socket, failure)), failure]);
  } finally {
    socket.destroy();
  }
}

function failureOf(socket: Socket, port: number, timeoutMs: number): Promise<never> {
  const failure = new Promise<never>((_resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no answer on port ${port} within ${timeoutMs} ms`)), timeoutMs);
    socket.once('error', (cause) => reject(new Error(`port ${port}: ${cause.message}`, { cause })));
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error(`port ${port}: connection closed`));
    });
  });
  failure.catch(() => {}); // It also rejects after a conversation that went well.
  return failure;
}

function wireSocket(socket: Socket, failure: Promise<never>): WireSocket {
  let buffered = Buffer.alloc(0);
  let wake = () => {};
  socket.on('data', (chunk: Buffer) => {
    buffered = Buffer.concat([buffered, chunk]);
    wake();
  });
  const more = () => Promise.race([new Promise<void>((resolve) => (wake = resolve)), failure]);
  const take = (length: number) => {
    const taken = buffered.subarray(0, length);
    buffered = buffered.subarray(length);
    return taken;
  };
  return {
    write: (data) => void socket.write(data),
    async read(length) {
      while (buffered.length < length) await more();
      return take(length);
    },
    async readLine() {
      while (!buffered.includes('\r\n')) await more();
      const line = take(buffered.indexOf('\r\n')).toString();
      take(2);
      return line;
    },
  };
}
