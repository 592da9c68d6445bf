import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { SubgraphName } from '../graph/sdl.ts';
import { pinned, type Cores } from '../load/pinning.ts';

export interface RunningSubgraphs extends AsyncDisposable {
  readonly urls: Readonly<Record<SubgraphName, string>>;
}

/** The four subgraphs over the shop of a seed, in one process of their own. @throws Error when it ends while it starts */
export async function startSubgraphs(seed: number, cores: Cores): Promise<RunningSubgraphs> {
  const [command, ...args] = pinned(cores.others, process.execPath);
  const child = fork(new URL('process.ts', import.meta.url), [String(seed)], {
    execPath: command,
    execArgv: args,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const ended = once(child, 'exit').finally(() => process.off('exit', endWithUs));
  const failed = ended.then(([code]) => Promise.reject(new Error(`The subgraphs ended with ${code}.`)));
  failed.catch(() => undefined);
  const [urls] = (await Promise.race([once(child, 'message'), failed])) as [RunningSubgraphs['urls']]; // its only message
  return {
    urls,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
    },
  };
}
