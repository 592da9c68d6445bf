import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { binary, ROOT } from '../launch/paths.mjs';
import { runCommand } from '../launch/run-command.mjs';
import { runStep } from '../launch/steps.mjs';
import { fingerprintSources, hasOutput } from './sources.ts';

const STAMP = join(ROOT, 'node_modules/.cache/loomgraph/built');

/** Builds the workspaces (`tsc -b`, incremental) unless nothing changed since the last time, which takes 20 ms to see. */
export async function ensureBuilt(): Promise<void> {
  const fingerprint = fingerprintSources(ROOT);
  if (fingerprint === readStamp() && hasOutput(ROOT)) return;
  await runStep('Building (tsc -b)', () => runCommand(binary('tsc'), ['-b']));
  mkdirSync(dirname(STAMP), { recursive: true });
  writeFileSync(STAMP, fingerprint);
}

function readStamp(): string | undefined {
  try {
    return readFileSync(STAMP, 'utf8');
  } catch {
    return undefined; // the first build, or node_modules was made anew
  }
}
