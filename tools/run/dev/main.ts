/** `npm run dev`: builds on every change and restarts the gateway on every build. */
import { spawn, type ChildProcess } from 'node:child_process';
import { ensureBuilt } from '../build/ensure-built.ts';
import { binary, PINNED_NODE, projectEnv, ROOT } from '../launch/paths.mjs';
import { runProgram } from '../run-program.ts';
import { settingsFile } from '../settings-file.ts';

await runProgram(async () => {
  await ensureBuilt();
  const children = [
    start(binary('tsc'), ['-b', '--watch', '--preserveWatchOutput']),
    start(PINNED_NODE, ['--watch', '--watch-preserve-output', '--enable-source-maps', ...settingsFile(), 'gateway/dist/main.js']),
  ];
  return endTogether(children);
});

function start(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, { cwd: ROOT, env: projectEnv(), stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Passes the first signal on; when one child ends, the others are ended too. */
async function endTogether(children: readonly ChildProcess[]): Promise<number> {
  let ending = false;
  const end = (signal: NodeJS.Signals): void => {
    // Once: at a second signal `node --watch` goes without waiting for the gateway.
    if (!ending) children.forEach((child) => child.kill(signal));
    ending = true;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
  const codes = children.map(
    (child) =>
      new Promise<number>((resolve, reject) => {
        child.once('error', reject);
        child.once('exit', (code) => {
          end('SIGTERM');
          resolve(code ?? 0);
        });
      }),
  );
  return Math.max(...(await Promise.all(codes)));
}
