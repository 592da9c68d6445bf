import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { ROOT } from '../../../tools/report/machine.ts';

/** What is installed lies beside this file. */
const SOURCE = import.meta.dirname;
const LOCKED = ['package.json', 'package-lock.json'];
/** Ignored by git, gone with `node_modules`. */
const CACHE = join(ROOT, 'node_modules/.cache/loomgraph/sync-peers');
const MARK = join(CACHE, 'installed');

/** Installs the queues exactly as locked, unless they are. @returns the URL of one's entry @throws Error with npm's output */
export async function installPeer(entry: string, say: (line: string) => void): Promise<string> {
  if (!existsSync(MARK) || readFileSync(MARK, 'utf8') !== fingerprint()) {
    say('installing the other queue: about 13 MB, once');
    rmSync(CACHE, { recursive: true, force: true });
    mkdirSync(CACHE, { recursive: true });
    for (const file of LOCKED) cpSync(join(SOURCE, file), join(CACHE, file));
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: CACHE,
    });
    writeFileSync(MARK, fingerprint());
  }
  return pathToFileURL(join(CACHE, 'node_modules', entry)).href;
}

/** Of what is installed, by package. */
export function peerVersions(): Record<string, string> {
  return (JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8')) as { readonly dependencies: Record<string, string> }).dependencies;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of LOCKED) hash.update(readFileSync(join(SOURCE, file)));
  return hash.digest('hex');
}
