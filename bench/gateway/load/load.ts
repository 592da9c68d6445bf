/** Load on one gateway from a process of its own, which also reads what the gateway used meanwhile. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { WorkloadName } from '../workloads/workloads.ts';
import { pinned, type Cores } from './pinning.ts';

export interface GatewayLoad {
  /** `http://127.0.0.1:12345/graphql`. */
  readonly url: string;
  /** The gateway's process; its children count, too. */
  readonly pid: number;
  readonly workload: WorkloadName;
  readonly seed: number;
  /** The first operation's index: a workload of ever new operations must not begin again where it was. */
  readonly from: number;
  readonly connections: number;
  readonly warmupSeconds: number;
  /** What is measured, after the warm-up. */
  readonly seconds: number;
}

export interface GatewayLoadResult {
  readonly answers: number;
  /** Operations sent, warm-up included. */
  readonly sent: number;
  readonly perSecond: number;
  readonly p99Ms: number;
  /** Of the gateway's processes, user and system; NaN where it cannot be told. */
  readonly cpuMsPerRequest: number;
  readonly rssMb: number;
  /** Cores that processes outside the bench kept busy meanwhile; NaN where it cannot be told. */
  readonly otherCores: number;
  /** Answers other than 200 with data and without errors, and requests without an answer. */
  readonly wrong: number;
  /** The first of them. */
  readonly example?: string;
}

/** @throws Error when the process that makes the load ends early */
export async function runGatewayLoad(load: GatewayLoad, cores: Cores): Promise<GatewayLoadResult> {
  const [command, ...args] = pinned(cores.others, process.execPath);
  const child = fork(new URL('worker.ts', import.meta.url), {
    execPath: command,
    execArgv: args,
    serialization: 'advanced', // JSON would make null of NaN
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  try {
    child.send(load);
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The load generator ended with ${code}.`)));
    const [result] = (await Promise.race([once(child, 'message'), ended])) as [GatewayLoadResult]; // the worker's only message
    ended.catch(() => undefined);
    return result;
  } finally {
    process.off('exit', endWithUs);
    child.kill();
  }
}
