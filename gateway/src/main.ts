import { ConfigError, loadConfig } from '@loomgraph/config';
import { LoomError } from '@loomgraph/core';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { optOutOfApolloTelemetry } from './config.js';
import { readyBanner } from './process/banner.js';
import { processConfig } from './process/config.js';
import { loadDemo } from './process/demo.js';
import { openGateway } from './process/run-gateway.js';
import { onShutdownSignal } from './process/shutdown.js';

const EXIT_FAILED = 1;

/** Reports in one line what keeps the process from starting; the stack is for faults of the program only. */
function fail(error: unknown): never {
  const expected = error instanceof LoomError || error instanceof ConfigError || typeof (error as NodeJS.ErrnoException)?.code === 'string';
  process.stderr.write(`loomgraph: ${expected ? (error as Error).message : ((error as Error).stack ?? String(error))}\n`);
  process.exit(EXIT_FAILED);
}

try {
  optOutOfApolloTelemetry();
  const config = loadConfig(processConfig, process.env);
  const logger = createLogger({ level: config.log.level, name: config.server.instance });
  const metrics = createMetrics({ defaultMetrics: true });
  const running = await openGateway({ config, logger, metrics });
  onShutdownSignal(running, logger);
  const address = { host: config.server.host, port: config.server.port };
  const url = await running.gateway.listen(address).catch(async (error: NodeJS.ErrnoException) => {
    await running.close();
    if (error.code !== 'EADDRINUSE') throw error;
    throw new LoomError('CONFIG_INVALID', `Port ${address.port} on ${address.host} is in use; stop what listens there, or set PORT to another one.`, { cause: error });
  });
  const demo = await loadDemo({ config, running, logger });
  process.stdout.write(readyBanner({ url, config, demo }));
} catch (error) {
  fail(error);
}
