import { constants } from 'node:fs';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LoomError } from '@loomgraph/core';
import { lock } from 'proper-lockfile';

const IN_MEMORY = 'memory://';

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
    throw new LoomError('CONFIG_INVALID', `The data folder ${path} cannot be written (${(error as NodeJS.ErrnoException).code}); set LOOM_DATA_DIR to one that can.`, { cause: error });
  }
  try {
    // A process that was killed leaves its lock behind; it counts as dead when it has not renewed it for 5 s.
    const release = await lock(path, { stale: 5_000, update: 1_000, lockfilePath: join(path, '.lock'), retries: { retries: 6, minTimeout: 1_000, maxTimeout: 1_000 } });
    return { path, release };
  } catch (error) {
    throw new LoomError('CONFIG_INVALID', `Another Loomgraph process uses the data folder ${path}; stop it, or set LOOM_DATA_DIR to another folder.`, { cause: error });
  }
}
