import { loadConfig } from '@loomgraph/config';
import { LoomError } from '@loomgraph/core';
import { runUntilSignal } from '@loomgraph/subgraph-kit';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { readyBanner } from './process/banner.js';
import { processConfig } from './process/config.js';
import { loadDemo } from './process/demo.js';
import { openGateway } from './process/run-gateway.js';

await runUntilSignal('loomgraph', async (resources) => {
  const config = loadConfig(processConfig, process.env);
  const logger = createLogger({ level: config.log.level, name: config.server.instance });
  const metrics = createMetrics({ defaultMetrics: true });
  const running = resources.use(await openGateway({ config, logger, metrics }));
  const { host, port } = config.server;
  const url = await running.gateway.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    throw new LoomError('CONFIG_INVALID', `Port ${port} on ${host} is in use; stop what listens there, or set PORT to another one.`, {
      cause: error,
    });
  });
  const demo = await loadDemo({ config, running, logger });
  process.stdout.write(readyBanner({ url, config, demo }));
});
