/** Processes known by pid and start time, so that a pid the kernel gave to someone else is never signalled. */
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface ProcessRecord {
  readonly pid: number;
  /** Clock ticks since boot, from /proc/<pid>/stat. */
  readonly startTicks: number;
  /** Start ticks of two boots do not compare. */
  readonly bootId: string;
  /** ISO time. */
  readonly startedAt: string;
}

const POLL_MS = 50;
/** Time a killed process may take to leave the process table. */
const KILL_TIMEOUT_MS = 10_000;

/** `undefined` when no such process runs. */
export function recordProcess(pid: number): ProcessRecord | undefined {
  const stat = readStat(pid);
  if (!stat || stat.hasEnded) return undefined;
  return { pid, startTicks: stat.startTicks, bootId: readBootId(), startedAt: new Date().toISOString() };
}

export function isAlive({ pid, startTicks, bootId }: ProcessRecord): boolean {
  const stat = readStat(pid);
  return stat !== undefined && !stat.hasEnded && stat.startTicks === startTicks && readBootId() === bootId;
}

export interface StopOptions {
  readonly signal: NodeJS.Signals;
  /** After this, SIGKILL. */
  readonly timeoutMs: number;
}

/** Ends the process and waits until it is gone; `killed` when the signal was not enough. */
export async function stopProcess(record: ProcessRecord, { signal, timeoutMs }: StopOptions): Promise<'gone' | 'stopped' | 'killed'> {
  if (!sendSignal(record, signal)) return 'gone';
  if (await isGoneWithin(record, signal === 'SIGKILL' ? KILL_TIMEOUT_MS : timeoutMs)) return 'stopped';
  sendSignal(record, 'SIGKILL');
  if (await isGoneWithin(record, KILL_TIMEOUT_MS)) return 'killed';
  throw new Error(`process ${record.pid} survived SIGKILL for ${KILL_TIMEOUT_MS} ms`);
}

/** Resident memory in bytes; 0 when the process is gone. */
export function residentBytes(record: ProcessRecord): number {
  if (!isAlive(record)) return 0;
  const match = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(`${record.pid}/status`) ?? '');
  return match ? Number(match[1]) * 1024 : 0;
}

export function parseStat(text: string): { readonly hasEnded: boolean; readonly startTicks: number } {
  // The second field is the command in parentheses and may hold spaces and parentheses itself.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const isZombie = fields[0] === 'Z' || fields[0] === 'X';
  // The first thread of a killed process is a zombie before the others have let go of ports and files.
  const threads = Number(fields[17]);
  return { hasEnded: isZombie && threads <= 1, startTicks: Number(fields[19]) };
}

function sendSignal(record: ProcessRecord, signal: NodeJS.Signals): boolean {
  if (!isAlive(record)) return false;
  try {
    return process.kill(record.pid, signal);
  } catch (error) {
    // Thrown by process.kill, which documents an errno code.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

async function isGoneWithin(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; isAlive(record); await delay(POLL_MS)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}

function readStat(pid: number): ReturnType<typeof parseStat> | undefined {
  const text = readProc(`${pid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function readProc(name: string): string | undefined {
  try {
    return readFileSync(`/proc/${name}`, 'utf8');
  } catch {
    return undefined; // The process ended, which is an answer here.
  }
}
