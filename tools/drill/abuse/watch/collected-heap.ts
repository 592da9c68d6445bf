/** The heap of a process from outside, after its garbage was collected: by Node's inspector, which a signal opens. */
export interface CollectedHeap extends Disposable {
  /** MB in use. @throws Error when the process does not answer */
  read(): Promise<number>;
}

/** Has the inspector listen on a free port once the signal comes; for the environment of the process. */
export const INSPECTABLE = { NODE_OPTIONS: '--inspect-port=0' } as const;

const MB = 2 ** 20;
const LISTENS = /Debugger listening on (ws:\/\/\S+)/;
const OPEN_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 30_000;
/** Finalizers need more than one. */
const COLLECTIONS = 2;

/** @param process started with `INSPECTABLE`; `output` is what it has written so far */
export async function openCollectedHeap(process_: { readonly pid: number; output(): string }): Promise<CollectedHeap> {
  process.kill(process_.pid, 'SIGUSR1');
  const socket = new WebSocket(await addressOf(process_));
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener('open', () => resolve(), { once: true });
    socket.addEventListener('error', () => reject(new Error('The inspector of the gateway does not answer.')), { once: true });
  });
  let next = 0;
  const ask = (method: string): Promise<{ readonly usedSize?: number }> =>
    new Promise((resolve, reject) => {
      const id = ++next;
      const timer = setTimeout(() => reject(new Error(`The inspector did not answer ${method}.`)), ANSWER_TIMEOUT_MS);
      const look = ({ data }: MessageEvent): void => {
        const answer = JSON.parse(String(data)) as { id?: number; result?: { usedSize?: number } }; // of the inspector's protocol
        if (answer.id !== id) return;
        clearTimeout(timer);
        socket.removeEventListener('message', look);
        resolve(answer.result ?? {});
      };
      socket.addEventListener('message', look);
      socket.send(JSON.stringify({ id, method }));
    });
  return {
    async read() {
      for (let collection = 0; collection < COLLECTIONS; collection++) await ask('HeapProfiler.collectGarbage');
      const { usedSize } = await ask('Runtime.getHeapUsage');
      if (usedSize === undefined) throw new Error('The inspector does not say how large the heap is.');
      return usedSize / MB;
    },
    [Symbol.dispose]: () => socket.close(),
  };
}

async function addressOf({ output }: { output(): string }): Promise<string> {
  for (const deadline = performance.now() + OPEN_TIMEOUT_MS; performance.now() < deadline;) {
    const address = LISTENS.exec(output())?.[1];
    if (address !== undefined) return address;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('The inspector of the gateway does not listen.');
}
