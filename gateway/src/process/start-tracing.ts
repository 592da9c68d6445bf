import { openTracing, type Logger, type Spans } from '@loomgraph/telemetry';
import type { GatewayConfig } from '../config.js';

/** Sends traces where the settings name a receiver, until the process ends; undefined where they name none. */
export async function startTracing(
  resources: AsyncDisposableStack,
  options: { readonly tracing: GatewayConfig['tracing']; readonly logger: Logger },
): Promise<Spans | undefined> {
  const { endpoint, serviceName, samplingRatio } = options.tracing;
  if (endpoint === undefined) return undefined;
  const tracing = resources.use(await openTracing({ endpoint, serviceName, samplingRatio }));
  options.logger.info('Traces are sent', { endpoint, serviceName, samplingRatio });
  return tracing.spans;
}
