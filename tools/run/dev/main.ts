/** `npm run dev`: builds on every change and restarts the gateway on every build. */
import { spawn, type ChildProcess } from 'node:child_process';
import { ensureBuilt } from '../build/ensure-built.ts';
import { binary, PINNED_NODE, projectEnv, ROOT } from '../launch/paths.mjs';
import { runProgram } from '../run-program.ts';

await runProgram(async () => {
  await ensureBuilt();
  const children = [
    start(binary('tsc'), ['-b', '--watch', '--preserveWatchOutput']),
    start(PINNED_NODE, ['--watch', '--watch-preserve-output', '--enable-source-maps', '--env-file-if-exists=.env', 'gateway/dist/main.js']),
  ];
  return endTogether(children);
});

function start(command: string, args: readonly string[]): ChildProcess {
  return spawn(command, args, { cwd: ROOT, env: projectEnv(), stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Passes signals on; when one child ends, the others are ended too. */
async function endTogether(children: readonly ChildProcess[]): Promise<number> {
  const end = (signal: NodeJS.Signals): void => children.forEach((child) => child.kill(signal));
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
