import { loadConfig, type Environment } from '@loomgraph/config';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { gatewayConfig } from '../config.js';
import { listen } from './listen.js';
import { openStandalone } from './open-standalone.js';
import { startTracing } from './start-tracing.js';

/** A gateway for any supergraph, and nothing else in the process; serving when it resolves. */
export async function serveSupergraph(resources: AsyncDisposableStack, env: Environment): Promise<void> {
  const config = loadConfig(gatewayConfig, env);
  const logger = createLogger({ level: config.log.level, name: config.server.instance });
  const metrics = createMetrics({ defaultMetrics: true });
  const spans = await startTracing(resources, { tracing: config.tracing, logger });
  const { gateway } = resources.use(await openStandalone({ config, logger, metrics, spans }));
  const url = await listen(gateway, config.server);
  const lines = [
    ['GraphQL', `${url}/graphql`],
    ['health', `${url}/health/ready`],
    ['metrics', `${url}/metrics`],
    ['supergraph', config.supergraph.location ?? ''],
  ].map(([name = '', value = '']) => `  ${name.padEnd(10)}  ${value}\n`);
  process.stdout.write(`\nLoomgraph is ready after ${process.uptime().toFixed(1)} s\n${lines.join('')}\nCtrl-C stops it.\n`);
}
