/** The gateway under test, in a process of its own: `gateway-process.ts` starts it and asks it. */
import { spawn } from 'node:child_process';
import { createTokenVerifier } from '@loomgraph/auth';
import { createGateway, type Gateway, type GatewayDeps, type GatewaySettings } from '@loomgraph/gateway';
import { createMetrics, silentLogger, type Metrics } from '@loomgraph/telemetry';
import { createSubgraphs } from '../oracle/supergraph/subgraphs.ts';
import { createWorld } from '../oracle/supergraph/world.ts';
import type { FromWorker, PlantedLeak, ToWorker, WorkerSettings } from './messages.ts';
import { createNotices } from './notices-subgraph.ts';
import { takeSample } from './sample.ts';

const SECRET = 'worth-nothing-outside-of-this-drill-0123456789';

const { weatherUrl, operationCacheBytes, plantedLeak } = JSON.parse(process.argv[2] ?? '{}') as WorkerSettings; // whoever forks us gives it

const settings: GatewaySettings = {
  instance: 'leaks',
  landingPage: { title: 'Leaks', defaultQuery: '{ __typename }' },
  maxBodyBytes: 100_000,
  pollIntervalMs: 3_600_000,
  startupWaitMs: 10_000,
  subgraphTimeoutMs: 5_000,
  shutdownGraceMs: 1_000,
  batching: { maxOperations: 5 },
  csrfPrevention: true,
  forwardedHeaders: ['x-tenant'],
  persistedOperationBytes: 100_000,
  engine: {
    planner: 'auto',
    cacheBytes: operationCacheBytes,
    planTimeoutMs: 10_000,
    introspection: 'public',
    coalescing: true,
    fetchSharing: true,
    maskErrors: true,
    explain: 'off',
  },
};

const metrics = createMetrics();
const gateway = await createGateway({
  subgraphs: [
    // No mutation is to be remembered: every fetch has a world of its own.
    ...createSubgraphs({ of: createWorld, forget: () => undefined }).map((subgraph) => ({ kind: 'local' as const, subgraph })),
    { kind: 'local', subgraph: createNotices(0) },
    { kind: 'remote', name: 'weather', url: weatherUrl },
  ],
  tokenVerifier: createTokenVerifier({ secret: SECRET }),
  identitySecret: SECRET,
  logger: silentLogger,
  metrics,
  health: async () => [],
  settings,
  ...admitting(plantedLeak),
});

process.on('message', (message: ToWorker) => {
  answer(message, gateway, metrics).then(tell, (error: unknown) =>
    tell({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
// The drill has ended, or has died: nothing here is to stay.
process.once('disconnect', () => void gateway.close().finally(() => process.exit(0)));
tell({ kind: 'ready', url: await gateway.listen({ host: '127.0.0.1', port: 0 }), pid: process.pid });

async function answer(message: ToWorker, of: Gateway, measured: Metrics): Promise<FromWorker> {
  if (message.kind === 'sample') return { kind: 'sampled', sample: await takeSample(), operationCacheBytes: await cacheBytes(measured) };
  if (plantedLeak === 'processes') spawn('cat').unref(); // ends with us, when its input does
  const { kind } =
    message.what === 'remote'
      ? await of.refreshSupergraph()
      : await of.replaceSubgraph({ kind: 'local', subgraph: createNotices(message.version) });
  return { kind: 'reloaded', outcome: kind };
}

/** What the gateway says its operation cache holds. */
async function cacheBytes(of: Metrics): Promise<number> {
  const { body } = await of.render();
  const sizes = [...body.matchAll(/^loom_gateway_operation_cache_bytes\{[^}]*\} (\S+)$/gm)].map(([, size]) => Number(size));
  if (sizes.length === 0) throw new Error('The gateway does not say how large its operation cache is.');
  return sizes.reduce((sum, size) => sum + size, 0);
}

function admitting(leak: PlantedLeak): Pick<GatewayDeps, 'admit'> {
  if (leak !== 'requests') return {};
  const kept: unknown[] = [];
  return {
    async admit(request) {
      kept.push({ request, notes: Array.from({ length: 4_000 }, (_, index) => index * 1.5) });
      return undefined;
    },
  };
}

function tell(message: FromWorker): void {
  process.send?.(message);
}
