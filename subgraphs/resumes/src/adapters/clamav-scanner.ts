import { connect } from 'node:net';
import { LoomError } from '@loomgraph/core';
import type { FileScanner } from '../domain/ports.js';

/** What clamd reads at once; any size up to its StreamMaxLength is allowed. */
const CHUNK_BYTES = 64 * 1024;
const MAX_ANSWER_BYTES = 4_096;

/**
 * A ClamAV daemon by its command INSTREAM, https://docs.clamav.net/manual/Usage/Scanning.html#clamd: chunks with their length in four bytes before
 * each, a length of zero at the end; it answers `stream: OK`, `stream: NAME FOUND` or `… ERROR`.
 */
export function createClamAvScanner(options: {
  /** `tcp://host:port` */
  readonly url: string;
  /** For one file. Default 30 s. */
  readonly timeoutMs?: number;
}): FileScanner {
  const { hostname, port } = new URL(options.url);
  const { timeoutMs = 30_000 } = options;
  return {
    async scan(content) {
      const answer = await ask({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || '3310') }, content, timeoutMs).catch(
        (cause: unknown) => {
          throw new LoomError('SCANNER_UNAVAILABLE', 'The virus scanner does not answer; try again later.', { cause });
        },
      );
      if (answer === 'stream: OK') return null;
      const found = /^stream: (.+) FOUND$/.exec(answer)?.[1];
      if (found !== undefined) return found;
      // StreamMaxLength of the daemon is smaller than our own limit, or it is out of order: in either case nobody has looked at the file.
      throw new LoomError('SCANNER_UNAVAILABLE', 'The virus scanner does not take the file; an operator must look at its limits.', {
        cause: new Error(`clamd answered ${answer}`),
      });
    },
  };
}

function ask(address: { host: string; port: number }, content: Uint8Array, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    let answer = '';
    const fail = (error: Error): void => {
      socket.destroy();
      reject(error);
    };
    const timer = setTimeout(() => fail(new Error(`clamd did not answer within ${timeoutMs} ms.`)), timeoutMs);
    socket.on('connect', () => {
      socket.write('zINSTREAM\0');
      for (let from = 0; from < content.byteLength; from += CHUNK_BYTES) {
        const chunk = content.subarray(from, from + CHUNK_BYTES);
        socket.write(lengthOf(chunk.byteLength));
        socket.write(chunk);
      }
      socket.write(lengthOf(0));
    });
    socket.on('data', (bytes) => {
      answer += bytes.toString();
      if (answer.length > MAX_ANSWER_BYTES) fail(new Error('clamd answered too much.'));
      const end = answer.indexOf('\0');
      if (end < 0) return;
      clearTimeout(timer);
      socket.destroy();
      resolve(answer.slice(0, end));
    });
    socket.on('error', fail);
    socket.on('close', () => {
      clearTimeout(timer);
      reject(new Error('clamd closed the connection before it answered.'));
    });
  });
}

function lengthOf(bytes: number): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes);
  return length;
}
