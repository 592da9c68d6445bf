/** `npm start`: the gateway, built when needed. It prints its own ready line. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt } from '../build/ensure-built.ts';
import { handOver } from '../launch/hand-over.mjs';
import { PINNED_NODE, ROOT } from '../launch/paths.mjs';
import { runProgram } from '../run-program.ts';

await runProgram(async () => {
  await ensureBuilt();
  const settings = existsSync(join(ROOT, '.env')) ? ['--env-file=.env'] : [];
  await handOver(PINNED_NODE, [...settings, 'gateway/dist/main.js', ...process.argv.slice(2)]);
});
