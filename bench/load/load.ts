/** Load from a process of its own, so that making it does not slow down what is measured. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A request as it goes over the wire. */
export interface LoadRequest {
  readonly body: string;
  readonly token?: string;
}

interface Common {
  /** `http://host:port/graphql`. */
  readonly url: string;
  /** Sent in turn, from the start again after the last. */
  readonly requests: readonly LoadRequest[];
  readonly seconds: number;
}

/** As fast as the answers come: each connection sends when it has its answer. Shows the highest rate. */
export interface ClosedLoop extends Common {
  readonly kind: 'closed';
  readonly connections: number;
}

/** At a fixed rate, whatever the answers do, as users come: a request's time counts from when it was due. Shows latency under a load. */
export interface OpenLoop extends Common {
  readonly kind: 'open';
  readonly perSecond: number;
  /** Requests that are due beyond these wait, and their time counts. */
  readonly maxInFlight: number;
}

export type Load = ClosedLoop | OpenLoop;

export interface LoadResult {
  /** Of every answer. */
  readonly latenciesMs: readonly number[];
  /** Answers per second. */
  readonly perSecond: number;
  /** Answers other than 200 without errors. */
  readonly wrong: number;
  /** Requests that had no answer. */
  readonly failed: number;
  /** What the first wrong answer was. */
  readonly example?: string;
}

/** Runs a load and waits for its end. @throws Error when the process that makes it ends early */
export async function runLoad(load: Load): Promise<LoadResult> {
  const child = fork(new URL('worker.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  try {
    child.send(load);
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The load generator ended with ${code}.`)));
    const [result] = (await Promise.race([once(child, 'message'), ended])) as [LoadResult];
    ended.catch(() => undefined);
    return result;
  } finally {
    process.off('exit', endWithUs);
    child.kill();
  }
}

/** The request at a place in the endless sequence. @throws RangeError when there is none to send */
export function requestAt(requests: readonly LoadRequest[], index: number): LoadRequest {
  const request = requests[index % requests.length];
  if (!request) throw new RangeError('A load needs at least one request.');
  return request;
}

export function headersOf({ token }: LoadRequest): Record<string, string> {
  return { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
}

/** Whether an answer is a complete one. Cheap: it runs once per answer, beside what is measured. */
export function isGoodAnswer(status: number, body: string): boolean {
  return status === 200 && body.startsWith('{"data":{') && !body.includes('"errors":[');
}
