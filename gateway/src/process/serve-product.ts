import { loadConfig, type Environment } from '@loomgraph/config';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { readyBanner } from './banner.js';
import { processConfig } from './config.js';
import { loadDemo } from './demo.js';
import { explainComposition } from './explain-composition.js';
import { listen } from './listen.js';
import { openGateway } from './run-gateway.js';
import { startTracing } from './start-tracing.js';

/** The product in one process: stores, the subgraphs that have no URL, the gateway; serving when it resolves. */
export async function serveProduct(resources: AsyncDisposableStack, env: Environment): Promise<void> {
  const config = loadConfig(processConfig, env);
  const logger = createLogger({ level: config.log.level, name: config.server.instance });
  const metrics = createMetrics({ defaultMetrics: true });
  const spans = await startTracing(resources, { tracing: config.tracing, logger });
  const running = resources.use(await explainComposition(() => openGateway({ config, logger, metrics, spans })));
  const url = await listen(running.gateway, config.server);
  const demo = await loadDemo({ config, running, logger });
  process.stdout.write(readyBanner({ url, config, demo, administratorFile: running.subgraphs.administratorFile }));
}
