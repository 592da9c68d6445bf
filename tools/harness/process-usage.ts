import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Clock ticks per second in `/proc`: 100 on every Linux this runs on (`getconf CLK_TCK`). */
const TICKS_PER_SECOND = 100;

/** CPU seconds that a process has used, all threads; NaN where there is no `/proc`. */
export function cpuSeconds(pid: number): number {
  const fields = statFields(pid);
  return fields === undefined ? Number.NaN : (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** Resident memory in MB; NaN where there is no `/proc`. */
export function rssMb(pid: number): number {
  const line = read(`/proc/${pid}/status`)?.match(/^VmRSS:\s+(\d+) kB$/m);
  return line ? Number(line[1]) / 1_024 : Number.NaN;
}

/**
 * Most resident memory that a process ever had, in MB, with all its threads; NaN where there is no `/proc`. `process.resourceUsage().maxRSS` is no
 * substitute in a child: it begins with what its parent had.
 */
export function peakRssMb(pid: number): number {
  const line = read(`/proc/${pid}/status`)?.match(/^VmHWM:\s+(\d+) kB$/m);
  return line ? Number(line[1]) / 1_024 : Number.NaN;
}

/** CPU seconds that the machine has spent on anything but waiting. */
export function machineCpuSeconds(): number {
  const line = read('/proc/stat')?.match(/^cpu +(.*)$/m)?.[1];
  if (line === undefined) return Number.NaN;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0, steal = 0] = line.split(' ').map(Number);
  return (user + nice + system + irq + softIrq + steal) / TICKS_PER_SECOND;
}

export interface CpuShare {
  /** Cores the process kept busy, 0.97 say; NaN where it cannot be told. */
  readonly process: number;
  /** Cores that were busy altogether. */
  readonly machine: number;
  readonly cores: number;
}

/** Measures from now to the call of the result. */
export function watchCpu(pid: number): () => CpuShare {
  const start = { at: performance.now(), process: cpuSeconds(pid), machine: machineCpuSeconds() };
  return () => {
    const seconds = (performance.now() - start.at) / 1_000;
    return {
      process: (cpuSeconds(pid) - start.process) / seconds,
      machine: (machineCpuSeconds() - start.machine) / seconds,
      cores: availableParallelism(),
    };
  };
}

/** What keeps a run from being faster, as far as CPU tells. */
export function explainLimit(cpu: CpuShare): string {
  const used = `gateway process ${cpu.process.toFixed(2)} cores, machine ${cpu.machine.toFixed(2)} of ${cpu.cores} cores`;
  if (cpu.machine >= cpu.cores * 0.9) return `the machine is busy: gateway, stores and load generator share its cores (${used})`;
  if (cpu.process >= 0.9) return `the gateway's one JavaScript thread is busy (${used})`;
  return `no CPU is busy: the limit is waiting, on stores or disk (${used})`;
}

/** The fields of `/proc/<pid>/stat` after the name, which may hold blanks itself. */
function statFields(pid: number): string[] | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // not Linux, or the process has ended
  }
}
