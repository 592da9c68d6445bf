/** Installed server versions, kept apart from data and shared by all clones of the repository. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { run } from './run.ts';

export interface Installation {
  readonly cacheDir: string;
  /** Names what is installed, versions included: a new version is a new folder. */
  readonly key: string;
  /** Fills an empty folder. */
  readonly build: (dir: string) => Promise<void>;
  readonly onWait: () => void;
}

const STAMP = '.complete';
const LOCK_TIMEOUT_MS = 20 * 60_000;

/**
 * Returns the folder of an installation, building it first when it is absent. A folder appears under its final name
 * only when complete; two processes asking for the same one build it once.
 */
export async function ensureInstalled({ cacheDir, key, build, onWait }: Installation): Promise<string> {
  const dir = join(cacheDir, key);
  if (isInstalled(cacheDir, key)) return dir;
  await mkdir(cacheDir, { recursive: true, mode: 0o755 });
  return withLock({ name: dir, timeoutMs: LOCK_TIMEOUT_MS, onWait }, async () => {
    if (isInstalled(cacheDir, key)) return dir;
    await removeLeftovers(cacheDir, key);
    const building = await mkdtemp(join(cacheDir, temporaryPrefix(key)));
    try {
      await build(building);
      await run('chmod', ['-R', 'a+rX', building]); // Servers of another user read it, whatever the umask was.
      await writeFile(join(building, STAMP), `${new Date().toISOString()}\n`);
      await rm(dir, { recursive: true, force: true });
      await rename(building, dir);
    } catch (error) {
      await rm(building, { recursive: true, force: true });
      throw error;
    }
    return dir;
  });
}

export function isInstalled(cacheDir: string, key: string): boolean {
  return existsSync(join(cacheDir, key, STAMP));
}

/** What a killed build left. Only the holder of the key's lock calls this, so none of it is in use. */
async function removeLeftovers(cacheDir: string, key: string): Promise<void> {
  const leftovers = (await readdir(cacheDir)).filter((name) => name.startsWith(temporaryPrefix(key)));
  await Promise.all(leftovers.map((name) => rm(join(cacheDir, name), { recursive: true, force: true })));
}

function temporaryPrefix(key: string): string {
  return `.building-${key}-`;
}
