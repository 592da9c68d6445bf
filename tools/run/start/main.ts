/** `npm start`: the gateway, built when needed. It prints its own ready line. */
import { ensureBuilt } from '../build/ensure-built.ts';
import { handOver } from '../launch/hand-over.mjs';
import { GATEWAY_OPTIONS, PINNED_NODE } from '../launch/paths.mjs';
import { runProgram } from '../run-program.ts';
import { settingsFile } from '../settings-file.ts';

await runProgram(async () => {
  await ensureBuilt();
  await handOver(PINNED_NODE, [...GATEWAY_OPTIONS, ...settingsFile(), 'gateway/dist/main.js', ...process.argv.slice(2)]);
});
