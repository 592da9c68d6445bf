/** Debian packages, unpacked into a folder instead of installed: nothing on the machine changes and no service starts. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from '../lock.ts';
import { run } from './run.ts';

const LOCK_TIMEOUT_MS = 10 * 60_000;
const IS_ROOT = process.getuid?.() === 0;

/** Unpacks `packages`, and those of their dependencies that the machine lacks, below `dir`. */
export async function unpackDebs(packages: readonly string[], dir: string): Promise<void> {
  const downloads = await mkdtemp(join(dir, 'debs-'));
  await withLock({ name: 'apt', timeoutMs: LOCK_TIMEOUT_MS }, async () => {
    try {
      await download(packages, downloads);
    } catch (error) {
      if (!IS_ROOT) throw error;
      // The lists are absent on a fresh machine, and stale ones name files that the archive no longer has.
      await run('apt-get', ['update', '-qq']);
      await download(packages, downloads);
    }
  });
  for (const file of await readdir(downloads)) {
    if (file.endsWith('.deb')) await run('dpkg-deb', ['-x', join(downloads, file), dir]);
  }
  await rm(downloads, { recursive: true });
}

/** Folders for LD_LIBRARY_PATH of binaries unpacked below `dir`. */
export function debLibraryPath(dir: string): string {
  const triplet = process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
  return [`usr/lib/${triplet}`, `lib/${triplet}`, 'usr/lib'].map((path) => join(dir, path)).join(':');
}

async function download(packages: readonly string[], into: string): Promise<void> {
  const plan = await run('apt-get', ['install', '--simulate', '--no-install-recommends', ...packages]);
  const names = new Set([...packages, ...parseSimulation(plan)]);
  // Root's downloads are fetched by the user _apt, who cannot write here; apt then warns and goes on as root anyway.
  const asRoot = IS_ROOT ? ['-o', 'APT::Sandbox::User=root'] : [];
  await run('apt-get', [...asRoot, 'download', ...names], { cwd: into });
}

/** The packages that `apt-get install --simulate` would install. */
export function parseSimulation(output: string): readonly string[] {
  return [...output.matchAll(/^Inst (\S+)/gm)].map((match) => match[1] ?? '');
}
