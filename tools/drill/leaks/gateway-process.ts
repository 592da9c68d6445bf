import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { FromWorker, ToWorker, WorkerSettings } from './messages.ts';
import type { Sample } from './sample.ts';

/** The gateway under test: reached over HTTP, asked about itself over a channel of its own. */
export interface MeasuredGateway extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  sample(): Promise<{ readonly sample: Sample; readonly operationCacheBytes: number }>;
  /** @throws Error when the gateway does not serve the other version then */
  reload(what: 'local' | 'remote', version: number): Promise<void>;
}

const STOP_TIMEOUT_MS = 10_000;

/** @throws Error when it does not start; what it wrote stands on stderr */
export async function startMeasuredGateway(settings: WorkerSettings): Promise<MeasuredGateway> {
  const child = fork(fileURLToPath(new URL('./gateway-worker.main.ts', import.meta.url)), [JSON.stringify(settings)], {
    execArgv: ['--expose-gc', '--enable-source-maps'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { url, pid } = await nextOf(child, 'ready');
  const ask = async <Kind extends FromWorker['kind']>(question: ToWorker, kind: Kind) => {
    const answer = nextOf(child, kind);
    child.send(question);
    return answer;
  };
  return {
    url,
    pid,
    sample: () => ask({ kind: 'sample' }, 'sampled'),
    async reload(what, version) {
      const { outcome } = await ask({ kind: 'reload', what, version }, 'reloaded');
      if (outcome !== 'updated') throw new Error(`The gateway was to take up version ${version} of the ${what} subgraph: ${outcome}.`);
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      child.disconnect();
      await exit;
      clearTimeout(timer);
    },
  };
}

/** The next thing it says, which is to be this. Questions are asked one after another. */
async function nextOf<Kind extends FromWorker['kind']>(child: ChildProcess, kind: Kind): Promise<Extract<FromWorker, { kind: Kind }>> {
  const ended = new AbortController();
  try {
    const message = once(child, 'message', { signal: ended.signal });
    const exit = once(child, 'exit', { signal: ended.signal }).then(([code, signal]: unknown[]) => {
      throw new Error(`The gateway's process ended: ${String(signal ?? code)}.`);
    });
    message.catch(() => undefined); // one of the two is given up below
    exit.catch(() => undefined);
    const [said] = (await Promise.race([message, exit])) as [FromWorker]; // our own worker says nothing else
    if (said.kind === 'failed') throw new Error(`The gateway's process: ${said.message}`);
    if (said.kind !== kind) throw new Error(`The gateway's process said "${said.kind}" and not "${kind}".`);
    return said as Extract<FromWorker, { kind: Kind }>; // as compared
  } finally {
    ended.abort();
  }
}
