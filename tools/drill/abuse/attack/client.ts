import { request as open, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';

/** One request as it goes out; nothing in it is checked before, beyond what Node itself refuses to send. */
export interface AttackRequest {
  readonly method?: string;
  /** After the server's address; `/graphql` when left out. */
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Buffer;
  readonly timeoutMs?: number;
}

export interface GraphqlAttack {
  readonly query?: string;
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly extensions?: unknown;
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export interface ReplyError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: string; readonly [key: string]: unknown };
}

export interface Reply {
  /** 0 where the connection ended without an answer. */
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Of an answer that is a JSON object; undefined otherwise. */
  readonly data: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors: readonly ReplyError[];
  readonly durationMs: number;
  /** Why there was no answer. */
  readonly failure?: string;
}

/** What came back over a raw connection before it ended, or before we gave up on it. */
export interface RawReply {
  readonly text: string;
  /** Status of each answer in it. */
  readonly statuses: readonly number[];
  readonly endedBy: 'server' | 'timeout';
  readonly durationMs: number;
}

/** An attacker with an address of their own, so that one case's throttles are not another's. */
export interface AttackClient {
  readonly address: string;
  /** How long each answer took, in the order they came. */
  readonly durationsMs: readonly number[];
  /** Whatever is answered; a connection that breaks is an answer of status 0. @throws Error when nothing comes in time */
  send(request: AttackRequest): Promise<Reply>;
  graphql(attack: GraphqlAttack): Promise<Reply>;
  /** Sends pieces of bytes with pauses between them, without any HTTP library in the way. */
  raw(pieces: readonly (string | Buffer)[], options?: { readonly pauseMs?: number; readonly timeoutMs?: number }): Promise<RawReply>;
}

const TIMEOUT_MS = 20_000;
const RAW_TIMEOUT_MS = 2_000;

/** @param target the address of the server that is attacked @param address one of 127.0.0.0/8 */
export function createAttackClient(target: URL, address: string): AttackClient {
  const durationsMs: number[] = [];
  const host = target.hostname;
  const port = Number(target.port);

  const send = ({ method = 'POST', path = '/graphql', headers = {}, body, timeoutMs = TIMEOUT_MS }: AttackRequest): Promise<Reply> =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const outgoing = open({ host, port, localAddress: address, agent: false, method, path, headers: copyOf(headers) });
      const timer = setTimeout(() => {
        outgoing.destroy();
        reject(new Error(`${method} ${path.slice(0, 80)} had no answer within ${timeoutMs} ms.`));
      }, timeoutMs);
      let isAnswered = false;
      outgoing.on('response', (response) => {
        isAnswered = true;
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        const finish = (): void => {
          clearTimeout(timer);
          const durationMs = performance.now() - startedAt;
          durationsMs.push(durationMs);
          outgoing.destroy();
          resolve(replyOf(response.statusCode ?? 0, response.headers, Buffer.concat(chunks).toString(), durationMs));
        };
        response.on('end', finish);
        response.on('error', finish);
      });
      // Somebody who is told to switch protocols gets a bare connection.
      outgoing.on('upgrade', (response, socket) => {
        isAnswered = true;
        clearTimeout(timer);
        socket.destroy();
        resolve(replyOf(response.statusCode ?? 0, response.headers, '', performance.now() - startedAt));
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => {
        // A server may answer and close while the rest of the body is still on its way.
        if (isAnswered) return;
        clearTimeout(timer);
        const durationMs = performance.now() - startedAt;
        resolve({ status: 0, headers: {}, text: '', data: undefined, errors: [], durationMs, failure: error.code ?? error.message });
      });
      outgoing.end(body);
    });

  return {
    address,
    durationsMs,
    send,
    graphql({ token, headers, timeoutMs, ...parameters }) {
      return send({
        headers: {
          'content-type': 'application/json',
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
        body: JSON.stringify(parameters),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
    },
    raw: (pieces, { pauseMs = 0, timeoutMs = RAW_TIMEOUT_MS } = {}) =>
      new Promise((resolve, reject) => {
        const startedAt = performance.now();
        const socket = connect({ host, port, localAddress: address });
        const chunks: Buffer[] = [];
        let isOver = false;
        const finish = (endedBy: RawReply['endedBy']): void => {
          if (isOver) return;
          isOver = true;
          clearTimeout(timer);
          clearInterval(dripping);
          socket.destroy();
          const text = Buffer.concat(chunks).toString('latin1');
          const statuses = [...text.matchAll(/(?:^|\n|\})HTTP\/1\.[01] (\d{3})/g)].map(([, status]) => Number(status));
          resolve({ text, statuses, endedBy, durationMs: performance.now() - startedAt });
        };
        const timer = setTimeout(() => finish('timeout'), timeoutMs);
        const left = [...pieces];
        const writeNext = (): void => {
          const next = left.shift();
          if (next === undefined) clearInterval(dripping);
          else socket.write(typeof next === 'string' ? Buffer.from(next, 'latin1') : next);
        };
        let dripping: NodeJS.Timeout | undefined;
        socket.once('connect', () => {
          if (pauseMs === 0) while (left.length > 0) writeNext();
          else dripping = setInterval(writeNext, pauseMs);
        });
        socket.on('data', (chunk: Buffer) => chunks.push(chunk));
        socket.once('close', () => finish('server'));
        socket.on('error', (error: NodeJS.ErrnoException) => {
          if (error.code === 'ECONNREFUSED') reject(error);
          else finish('server');
        });
      }),
  };
}

function replyOf(status: number, headers: IncomingHttpHeaders, text: string, durationMs: number): Reply {
  const body = parsed(text);
  return { status, headers, text, data: body?.data, errors: body?.errors ?? [], durationMs };
}

function parsed(text: string): { data?: Record<string, unknown> | null; errors?: readonly ReplyError[] } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined; // no JSON
  }
}

/** Lists make a header come several times. */
function copyOf(headers: NonNullable<AttackRequest['headers']>): Record<string, string | string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : [...value]]));
}
