import { constants } from 'node:fs';
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LoomError } from '@loomgraph/core';
import { lock } from 'proper-lockfile';

const IN_MEMORY = 'memory://';
/** Holds the pid of the process that has the folder. */
const OWNER = '.owner';

/**
 * Makes the data folder and takes it for this process: an embedded store is for one process at a time.
 * @returns the absolute path and what gives it back
 * @throws LoomError CONFIG_INVALID when it cannot be written or another process has it
 */
export async function claimDataDir(dataDir: string): Promise<{ path: string; release: () => Promise<void> }> {
  if (dataDir === IN_MEMORY) return { path: IN_MEMORY, release: () => Promise.resolve() };
  const path = resolve(dataDir);
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK | constants.X_OK);
    // Root may write anywhere that is not read-only: only writing tells.
    await writeFile(join(path, '.write-test'), '');
    await rm(join(path, '.write-test'));
  } catch (error) {
    throw new LoomError(
      'CONFIG_INVALID',
      `The data folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code}); set LOOM_DATA_DIR to one that can.`,
      { cause: error },
    );
  }
  const release = await take(path);
  await writeFile(join(path, OWNER), `${process.pid}\n`);
  return { path, release };
}

/** A lock that its process renews every second; one that nobody renewed for 5 s, or whose process is gone, is taken over. */
async function take(path: string): Promise<() => Promise<void>> {
  const lockfilePath = join(path, '.lock');
  const options = { stale: 5_000, update: 1_000, lockfilePath };
  try {
    return await lock(path, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
    const owner = Number(await readFile(join(path, OWNER), 'utf8').catch(() => 'NaN'));
    if (!isGone(owner)) {
      const who = Number.isNaN(owner) ? '' : ` (pid ${owner})`;
      throw new LoomError(
        'CONFIG_INVALID',
        `Another Loomgraph process${who} uses the data folder ${path}; stop it, or set LOOM_DATA_DIR to another folder.`,
        { cause: error },
      );
    }
    await rm(lockfilePath, { recursive: true, force: true });
    return lock(path, options);
  }
}

function isGone(pid: number): boolean {
  if (Number.isNaN(pid)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
