import type { Logger } from '@loomgraph/telemetry';

/** After this long a shutdown that hangs is given up. */
const FORCED_AFTER_MS = 30_000;

/** SIGTERM and SIGINT (Ctrl-C) close in order and exit 0; a second one exits at once. */
export function onShutdownSignal(running: { close(): Promise<void> }, logger: Logger): void {
  let closing = false;
  const shutDown = (signal: NodeJS.Signals): void => {
    if (closing) process.exit(1);
    closing = true;
    setTimeout(() => process.exit(1), FORCED_AFTER_MS).unref();
    running.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error('The shutdown failed.', { signal, error });
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', shutDown);
  process.on('SIGINT', shutDown);
}
