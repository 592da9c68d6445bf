import { join } from 'node:path';
import { LaunchFailure } from './failure.mjs';
import { handOver } from './hand-over.mjs';
import { ensureInstalled } from './install.mjs';
import { assertNodeVersion } from './node-version.mjs';
import { PINNED_NODE, ROOT } from './paths.mjs';

/**
 * What every command of a fresh clone does first: check this Node, install when needed, then go on in the pinned Node, which
 * runs TypeScript. Never returns; arguments are passed on.
 * @param {string} program path of a TypeScript file below `tools/run`
 */
export async function launch(program) {
  try {
    assertNodeVersion();
    await ensureInstalled();
    await handOver(PINNED_NODE, ['--disable-warning=ExperimentalWarning', join(ROOT, 'tools/run', program), ...process.argv.slice(2)]);
  } catch (error) {
    if (!(error instanceof LaunchFailure)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
