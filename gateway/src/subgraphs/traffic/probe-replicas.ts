import type { Logger } from '@loomgraph/telemetry';
import { Agent } from 'undici';
import type { Replica } from './replica.js';
import type { SubgraphTarget } from './subgraph-target.js';

const PROBE_PATH = '/health/ready';
const UNAVAILABLE_STATUS = 503;

/**
 * Active health: asks each of several replicas whether it is ready, again and again. One that says 503 or does not answer is left out while
 * others are there; a server without that page answers something else, and is taken for healthy.
 */
export function probeReplicas(options: {
  readonly targets: () => Iterable<SubgraphTarget>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly logger: Pick<Logger, 'warn' | 'info'> | undefined;
}): { close(): Promise<void> } {
  const { targets, intervalMs, timeoutMs, logger } = options;
  if (intervalMs === 0) return { close: () => Promise.resolve() };
  // Connections of its own: a replica whose connections are all taken is busy, not away.
  const agent = new Agent({ connections: 1 });
  let isClosed = false;
  const underWay = new Set<Replica>();
  const probe = async (subgraph: string, replica: Replica): Promise<void> => {
    if (underWay.has(replica)) return;
    underWay.add(replica);
    const isHealthy = await isReady(agent, replica, Math.min(timeoutMs, intervalMs));
    underWay.delete(replica);
    if (isHealthy === replica.isHealthy || isClosed) return;
    replica.isHealthy = isHealthy;
    if (isHealthy) logger?.info('Replica is ready again', { subgraph, replica: replica.origin });
    else logger?.warn('Replica is not ready', { subgraph, replica: replica.origin });
  };
  const timer = setInterval(() => {
    const now = performance.now();
    for (const target of targets()) {
      const { subgraph, replicas } = target;
      if (replicas.length > 1 && target.isInUse(now)) for (const replica of replicas) void probe(subgraph, replica);
    }
  }, intervalMs).unref();
  return {
    close() {
      isClosed = true;
      clearInterval(timer);
      return agent.destroy();
    },
  };
}

async function isReady(agent: Agent, { origin }: Replica, timeoutMs: number): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const { statusCode, body } = await agent.request({ origin, path: PROBE_PATH, method: 'GET', signal });
    await body.dump();
    return statusCode !== UNAVAILABLE_STATUS;
  } catch {
    return false; // whatever keeps it from answering
  }
}
