import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { binary, ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { runStep } from './steps.mjs';

const STAMP = join(ROOT, 'node_modules/.cache/loomgraph/built');

/** Builds the workspaces (`tsc -b`, incremental) unless none of their sources changed since the last time: 20 ms then. */
export async function ensureBuilt() {
  const before = fingerprint();
  if (isBuilt(before)) return;
  await runStep('Building (tsc -b)', () => runCommand(binary('tsc'), ['-b']));
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, before);
}
