import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@loomgraph/telemetry';
import { LimitExceededError } from '../request/limits/limit-exceeded.js';
import type { FromPlanner, PlannerEngine, PlanRequest, ToPlanner } from './planner-messages.js';
import { PlanningFailedError } from './planning-failed-error.js';
import { residentBytes } from './process-memory.js';

export interface PlannerProcessOptions {
  readonly engine: PlannerEngine;
  readonly supergraphSdl: string;
  readonly logger: Logger;
  /** The process ends when it was asked nothing for this long; the next question starts another. */
  readonly idleMs?: number;
  /** How long a plan that nobody waits for any more may go on before the process is killed. */
  readonly overtimeMs?: number;
  /** The process is ended when it needs more while it plans; no limit when left out, and where the system does not tell. */
  readonly maxMemoryBytes?: number | undefined;
}

/**
 * A planner in a process of its own. A native planner that panics or overflows its stack takes its process with it, and valid
 * operations exist that make it (graphql-hive/router issue 1311); a plan that takes seconds would hold up every other request.
 *
 * 1. The process starts with the first question and ends with the gateway, on disposal, and when idle; it never keeps the gateway alive.
 * 2. `plan` answers the engine's own plan as JSON data. It rejects with the signal's reason when that aborts, else with
 *    `PlanningFailedError`: the engine's message, or that the process ended.
 * 3. One that needs more memory than `maxMemoryBytes` is ended, and what it plans at that moment is refused with `LimitExceededError`.
 * 4. After an end nobody asked for a new start waits 100 ms, twice as long each time until a plan succeeds, 30 s at most;
 *    questions in that time are rejected at once.
 */
export interface PlannerProcess extends AsyncDisposable {
  /** Resolves once the engine runs and has taken the supergraph; rejects with `PlanningFailedError`. */
  ready(): Promise<void>;
  plan(request: PlanRequest, signal?: AbortSignal): Promise<unknown>;
}

const IDLE_MS = 60_000;
const OVERTIME_MS = 1_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Of what a dying process wrote. */
const KEPT_CHARACTERS = 2_000;
/** How often the memory of a process that plans is looked at. */
const MEMORY_LOOK_MS = 100;
const BYTES_PER_MEGABYTE = 1_024 ** 2;

interface Waiting {
  readonly resolve: (plan: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Running {
  readonly child: ChildProcess;
  readonly opened: Promise<void>;
  readonly waiting: Map<number, Waiting>;
  isStopping: boolean;
  /** Runs while something is planned. */
  memoryTimer: NodeJS.Timeout | undefined;
}

export function createPlannerProcess(options: PlannerProcessOptions): PlannerProcess {
  const { engine, supergraphSdl, logger, idleMs = IDLE_MS, overtimeMs = OVERTIME_MS, maxMemoryBytes = Infinity } = options;
  let running: Running | undefined;
  let lastId = 0;
  let pauseMs = 0;
  let isPaused = false;
  let isDisposed = false;
  let idleTimer: NodeJS.Timeout | undefined;

  const start = (): Running => {
    if (running) return running;
    if (isDisposed) throw new PlanningFailedError(`The ${engine} planner is closed.`);
    if (isPaused) throw new PlanningFailedError(`The ${engine} planner ended unexpectedly and is not started again yet.`);
    const child = fork(fileURLToPath(new URL(`./planner-process.main${extname(import.meta.url)}`, import.meta.url)), [], {
      // Neither the settings (they hold secrets) nor a debugger's port are for this process.
      env: {},
      execArgv: heapLimit(maxMemoryBytes),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const waiting = new Map<number, Waiting>();
    let lastWords = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (lastWords = (lastWords + text).slice(-KEPT_CHARACTERS)));

    const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
    opened.catch(() => {}); // Who waits for it is told; if nobody does, that is no failure of ours.
    const started: Running = { child, opened, waiting, isStopping: false, memoryTimer: undefined };
    child.on('message', (data) => {
      const message = data as FromPlanner; // our own process writes nothing else
      switch (message.kind) {
        case 'ready':
          resolve();
          return restWhenIdle(started);
        case 'refused':
          reject(new PlanningFailedError(`The ${engine} planner does not start: ${message.message}`));
          return stop(started);
        case 'planned':
          pauseMs = 0;
          return settle(started, message.id, (question) => question.resolve(message.plan));
        case 'failed':
          return settle(started, message.id, (question) =>
            question.reject(new PlanningFailedError(`The ${engine} planner: ${message.message}`)),
          );
      }
    });
    const ended = (how: string, cause?: unknown): void => {
      clearInterval(started.memoryTimer);
      if (running === started) running = undefined;
      const error = new PlanningFailedError(`The ${engine} planner ended: ${how}`, { cause });
      if (!started.isStopping) {
        pause();
        logger.error('A planner process ended unexpectedly', { engine, how, lastWords });
      }
      reject(error);
      for (const id of waiting.keys()) settle(started, id, (question) => question.reject(error));
    };
    child.once('error', (error) => ended(error.message, error));
    child.once('exit', (code, signal) => ended(signal ?? `exit code ${String(code)}`));
    send(child, { kind: 'open', engine, supergraphSdl });
    running = started;
    if (child.stderr instanceof Socket) child.stderr.unref();
    return started;
  };

  const watchMemory = (of: Running): void => {
    if (maxMemoryBytes === Infinity || of.memoryTimer !== undefined) return;
    of.memoryTimer = setInterval(() => {
      if (of.waiting.size === 0) {
        clearInterval(of.memoryTimer);
        of.memoryTimer = undefined;
        return;
      }
      void residentBytes(of.child.pid ?? 0).then((bytes = 0) => bytes > maxMemoryBytes && endForMemory(of, bytes));
    }, MEMORY_LOOK_MS);
    of.memoryTimer.unref();
  };

  const endForMemory = (of: Running, bytes: number): void => {
    logger.error('A planner process needs too much memory and is ended', { engine, bytes, maxMemoryBytes });
    for (const id of of.waiting.keys()) settle(of, id, (question) => question.reject(tooMuchMemory(bytes, maxMemoryBytes)));
    of.child.kill('SIGKILL');
  };

  const pause = (): void => {
    pauseMs = pauseMs === 0 ? FIRST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    isPaused = true;
    setTimeout(() => (isPaused = false), pauseMs).unref();
  };

  const settle = (of: Running, id: number, how: (question: Waiting) => void): void => {
    const question = of.waiting.get(id);
    if (!question) return;
    of.waiting.delete(id);
    how(question);
    restWhenIdle(of);
  };

  const restWhenIdle = (of: Running): void => {
    if (of.waiting.size > 0 || of !== running) return;
    of.child.channel?.unref();
    of.child.unref();
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => stop(of), idleMs).unref();
  };

  const stop = (of: Running): void => {
    of.isStopping = true;
    if (running === of) running = undefined;
    if (of.child.connected) of.child.disconnect();
    setTimeout(() => of.child.kill('SIGKILL'), overtimeMs).unref();
  };

  const ask = (of: Running, request: PlanRequest, signal: AbortSignal | undefined): Promise<unknown> => {
    const id = ++lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const cancel = (): void => {
      reject(signal?.reason);
      send(of.child, { kind: 'cancel', id });
      setTimeout(() => of.waiting.has(id) && of.child.kill('SIGKILL'), overtimeMs).unref();
    };
    signal?.addEventListener('abort', cancel, { once: true });
    clearTimeout(idleTimer);
    of.waiting.set(id, { resolve, reject });
    watchMemory(of);
    // Both: a process that crashes closes its channel before its end is told.
    of.child.ref();
    of.child.channel?.ref();
    send(of.child, { kind: 'plan', id, request });
    return promise.finally(() => signal?.removeEventListener('abort', cancel));
  };

  return {
    async ready() {
      await start().opened;
    },
    async plan(request, signal) {
      signal?.throwIfAborted();
      const current = start();
      await current.opened;
      signal?.throwIfAborted();
      return ask(current, request, signal);
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      clearTimeout(idleTimer);
      const current = running;
      if (!current) return;
      const exit = once(current.child, 'exit');
      current.child.ref();
      stop(current);
      await exit;
    },
  };
}

/** Of the JavaScript in it; what native code takes is looked at from outside. */
function heapLimit(maxMemoryBytes: number): string[] {
  return maxMemoryBytes === Infinity ? [] : [`--max-old-space-size=${Math.max(1, Math.floor(maxMemoryBytes / BYTES_PER_MEGABYTE))}`];
}

function tooMuchMemory(counted: number, max: number): LimitExceededError {
  return new LimitExceededError('Planning the operation takes too many bytes of memory', { limit: 'planMemory', max, counted });
}

function send(child: ChildProcess, message: ToPlanner): void {
  // A process that has gone answers nothing, and its end rejects the question.
  if (child.connected) child.send(message, () => {});
}
