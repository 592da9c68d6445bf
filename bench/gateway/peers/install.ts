import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../../tools/report/machine.ts';

/** What is installed lies beside this file. */
const SOURCE = import.meta.dirname;
const LOCKED = ['package.json', 'package-lock.json'];
/** Ignored by git, gone with `node_modules`. */
const CACHE = join(ROOT, 'node_modules/.cache/loomgraph/gateway-peers');
const MARK = join(CACHE, 'installed');
const REPORT_EVERY_MS = 10_000;

/** The folder that holds the peers' packages; undefined when this lockfile has not been installed. */
export function installedPeers(): string | undefined {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === fingerprint() ? CACHE : undefined;
}

/** Installs the peers exactly as locked, unless they are. @returns their folder @throws Error with npm's output */
export async function installPeers(say: (line: string) => void): Promise<string> {
  const known = installedPeers();
  if (known !== undefined) return known;
  say('installing the other gateways: about 700 MB, once');
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  for (const file of LOCKED) cpSync(join(SOURCE, file), join(CACHE, file));
  const startedAt = performance.now();
  const progress = setInterval(
    () => say(`installing the other gateways: ${Math.round((performance.now() - startedAt) / 1_000)} s`),
    REPORT_EVERY_MS,
  );
  try {
    // None of them needs its install scripts: native parts come prebuilt.
    await runNpm(['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  } finally {
    clearInterval(progress);
  }
  writeFileSync(MARK, fingerprint());
  return CACHE;
}

/** Of what is installed, by package. */
export function peerVersions(): Record<string, string> {
  return (JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8')) as { readonly dependencies: Record<string, string> }).dependencies;
}

async function runNpm(args: readonly string[]): Promise<void> {
  const child = spawn('npm', args, { cwd: CACHE, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  const endWithUs = (): void => void child.kill();
  process.once('exit', endWithUs);
  const [code] = (await once(child, 'close')) as [number | null];
  process.off('exit', endWithUs);
  if (code !== 0) throw new Error(`npm ci of the other gateways ended with ${code}.\n${output}`);
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const file of LOCKED) hash.update(readFileSync(join(SOURCE, file)));
  return hash.digest('hex');
}
