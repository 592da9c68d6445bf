import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type ProcessRecord, isAlive, recordProcess, residentBytes, stopProcess } from './process-record.ts';

/** A process that prints a line when its signal handlers are in place. */
async function start(script: string): Promise<{ child: ChildProcess; record: ProcessRecord }> {
  const child = spawn(process.execPath, ['-e', `${script}; console.log('set'); setInterval(() => {}, 1000)`]);
  await once(child.stdout, 'data');
  const record = recordProcess(child.pid ?? 0);
  if (!record) throw new Error('the process is gone');
  return { child, record };
}

describe('a recorded process', () => {
  it('is alive until it is stopped', async () => {
    const { record } = await start('');
    expect(isAlive(record)).toBe(true);
    expect(residentBytes(record)).toBeGreaterThan(1_000_000);
    await expect(stopProcess(record, { signal: 'SIGTERM', timeoutMs: 5_000 })).resolves.toBe('stopped');
    expect(isAlive(record)).toBe(false);
    await expect(stopProcess(record, { signal: 'SIGTERM', timeoutMs: 5_000 })).resolves.toBe('gone');
  });

  it('is killed when it ignores the signal', async () => {
    const { record } = await start(`process.on('SIGTERM', () => {})`);
    await expect(stopProcess(record, { signal: 'SIGTERM', timeoutMs: 200 })).resolves.toBe('killed');
  });

  it('is not the process that got its pid later', async () => {
    const { child, record } = await start('');
    const earlier = { ...record, startTicks: record.startTicks - 1 };
    expect(isAlive(earlier)).toBe(false);
    await expect(stopProcess(earlier, { signal: 'SIGKILL', timeoutMs: 0 })).resolves.toBe('gone');
    expect(child.exitCode).toBeNull();
    child.kill('SIGKILL');
  });
});
