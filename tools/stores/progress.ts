/** Progress lines of several stores at work. */
export interface Progress {
  /** Tells a store's step, with the seconds since the start of the command. */
  step(store: string, text: string): void;
  elapsedSeconds(): string;
}

const NAME_COLUMNS = 15;

export function createProgress(write: (line: string) => void, now: () => number = () => performance.now()): Progress {
  const startedAt = now();
  const elapsedSeconds = () => ((now() - startedAt) / 1000).toFixed(1);
  return {
    elapsedSeconds,
    step: (store, text) => write(`${elapsedSeconds().padStart(6)} s  ${store.padEnd(NAME_COLUMNS)} ${text}\n`),
  };
}
