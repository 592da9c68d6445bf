import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../../../harness/random.ts';
import type { WorkerErasure, WorkerRequest } from '../worker/worker-config.ts';

/** Nobody answered: what was asked may have happened or not. */
export class Unanswered extends Error {}

/** The subgraph said no. */
export class Refused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

const TIMEOUT_MS = 20_000;
const LOOK_MS = 20;
/** The longest that every worker may be away at once. */
const AWAY_MS = 120_000;
const PAUSE_MS = 100;
/** Longest that the same is asked again and again. */
const PATIENCE_MS = 180_000;

/** Workers that are up: each request goes to any of them. */
export class WorkerPool {
  readonly #urls: string[] = [];
  readonly #answers = new Map<string, number>();
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  add(url: string): void {
    this.#urls.push(url);
  }

  remove(url: string): void {
    const at = this.#urls.indexOf(url);
    if (at >= 0) this.#urls.splice(at, 1);
  }

  /** How many requests a worker has answered: how far it is, whatever the machine is busy with. */
  answers(url: string): number {
    return this.#answers.get(url) ?? 0;
  }

  /** Of some worker; waits for one. @throws Error when there is none for long */
  async url(): Promise<string> {
    for (const until = Date.now() + AWAY_MS; Date.now() < until; await sleep(LOOK_MS))
      if (this.#urls.length > 0) return this.#random.pick(this.#urls);
    throw new Error(`No worker was up for ${AWAY_MS / 1_000} s.`);
  }

  /** The answer's data. @throws Unanswered, Refused */
  ask<Data>(request: WorkerRequest): Promise<Data> {
    return this.#post<Data>('/graphql', request);
  }

  /** Asks until somebody answers; only for what may be asked twice. @throws Refused */
  async askUntilAnswered<Data>(request: WorkerRequest): Promise<Data> {
    return repeated(() => this.ask<Data>(request));
  }

  /** As an outbox does: until the bus has it. */
  async erase(erasure: WorkerErasure): Promise<void> {
    await repeated(() => this.#post('/erase', erasure));
  }

  /** Sends a file to where an upload says; embedded objects are served by whichever worker is up. @returns whether it was taken */
  async send(
    upload: { readonly url: string; readonly headers: readonly { name: string; value: string }[] },
    content: Uint8Array,
  ): Promise<boolean> {
    const { pathname, search } = new URL(upload.url);
    const target = pathname.startsWith('/objects/') ? `${await this.url()}${pathname}${search}` : upload.url;
    const headers = Object.fromEntries(upload.headers.map(({ name, value }) => [name, value]));
    try {
      const answer = await fetch(target, { method: 'PUT', body: content, headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false; // killed meanwhile: sent again, or given up
    }
  }

  async #post<Data>(path: string, body: object): Promise<Data> {
    const url = await this.url();
    let answer: { data?: Data | null; errors?: readonly { message: string; extensions?: { code?: string; retryable?: boolean } }[] };
    try {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}${path}`, {
        method: 'POST',
        body: JSON.stringify(body),
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      answer = (await response.json()) as typeof answer;
      this.#answers.set(url, this.answers(url) + 1);
    } catch (error) {
      throw new Unanswered('A worker did not answer.', { cause: error });
    }
    const [error] = answer.errors ?? [];
    const code = error?.extensions?.code ?? '';
    if (error && PASSING.has(code)) throw new Unanswered(error.message);
    if (error) throw new Refused(code, error.message);
    if (answer.data == null) throw new Refused('', 'There is no data.');
    return answer.data;
  }
}

/** Two that write the same at once, or a store that waits for a lock of somebody who was killed: asked again, as clients are told to. */
const PASSING = new Set(['STORE_UNAVAILABLE', 'STORE_TIMEOUT', 'CONFLICT']);

async function repeated<T>(work: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      // Whoever dies is followed by another: that nobody ever answers is no kill.
      if (Date.now() > until) throw new Error(`Nobody answered for ${PATIENCE_MS / 1_000} s.`, { cause: error });
    }
    await sleep(PAUSE_MS);
  }
}
