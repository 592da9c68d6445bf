import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import type { Logger } from '@loomgraph/telemetry';

export interface OperationRecorderOptions {
  /** JSON lines of `{ query, operationName }`; appended to. */
  readonly path: string;
  readonly logger: Logger;
  /** Distinct operations, those already in the file included; more are not written. */
  readonly maxOperations?: number;
  /** How long operations are gathered before they are written together. */
  readonly gatherMs?: number;
}

const MAX_OPERATIONS = 20_000;
const MAX_QUERY_CHARACTERS = 200_000;
const GATHER_MS = 1_000;

/**
 * Writes every distinct operation once, for `npm run schema -- check --operations`.
 *
 * 1. `record` never waits and never throws: it looks an operation up and, the first time, puts it into a batch.
 * 2. A file that cannot be written is logged once, and what could not be written is dropped.
 * 3. Several processes may write one file: lines are appended whole, and one operation may then stand in it several times.
 */
export class OperationRecorder implements AsyncDisposable {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #maxOperations: number;
  readonly #gatherMs: number;
  readonly #known: Set<string>;
  #batch: string[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #hasFailed = false;

  /** Reads what the file holds already. @throws Error when it can be neither read nor made */
  static async open(options: OperationRecorderOptions): Promise<OperationRecorder> {
    await appendFile(options.path, '');
    const text = await readFile(options.path, 'utf8');
    // What a crash cut off would swallow the next line.
    if (text !== '' && !text.endsWith('\n')) await appendFile(options.path, '\n');
    return new OperationRecorder(options, new Set(text.split('\n').flatMap(keyOfLine)));
  }

  private constructor(options: OperationRecorderOptions, known: Set<string>) {
    this.#path = options.path;
    this.#logger = options.logger;
    this.#maxOperations = options.maxOperations ?? MAX_OPERATIONS;
    this.#gatherMs = options.gatherMs ?? GATHER_MS;
    this.#known = known;
  }

  /** Of an operation that is valid. Meant for the place that sees each text for the first time; it may be called more often. */
  record(query: string, operationName: string | undefined): void {
    if (this.#known.size >= this.#maxOperations || query.length > MAX_QUERY_CHARACTERS) return;
    const key = keyOf(query, operationName);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#batch.push(`${JSON.stringify({ query, operationName })}\n`);
    this.#timer ??= setTimeout(() => void this.flush(), this.#gatherMs).unref();
  }

  /** Writes what is gathered; resolves once it is in the file. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = this.#batch;
    this.#batch = [];
    if (batch.length > 0) this.#writing = this.#writing.then(() => this.#append(batch));
    return this.#writing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.flush();
  }

  async #append(batch: readonly string[]): Promise<void> {
    try {
      await appendFile(this.#path, batch.join(''));
    } catch (error) {
      if (!this.#hasFailed) this.#logger.error('Operations cannot be recorded', { path: this.#path, error });
      this.#hasFailed = true;
    }
  }
}

function keyOf(query: string, operationName: string | undefined): string {
  return createHash('sha256')
    .update(`${operationName ?? ''}\n${query}`)
    .digest('base64');
}

/** A line that was cut off by a crash is no operation. */
function keyOfLine(line: string): string[] {
  if (line === '') return [];
  try {
    const { query, operationName } = JSON.parse(line) as { query?: unknown; operationName?: unknown };
    return typeof query === 'string' ? [keyOf(query, typeof operationName === 'string' ? operationName : undefined)] : [];
  } catch {
    return [];
  }
}
