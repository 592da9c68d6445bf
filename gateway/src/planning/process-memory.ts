import { readFile } from 'node:fs/promises';

const BYTES_PER_KILOBYTE = 1_024;

/** The memory a process has in use (resident set); undefined where the system does not say, or the process has ended. */
export async function residentBytes(pid: number): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kilobytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * BYTES_PER_KILOBYTE;
}
