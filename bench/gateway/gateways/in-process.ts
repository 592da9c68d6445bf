/** Our gateway with the four subgraphs in its own process, all-in-one. Arguments: seed, port. */
import { loadConfig } from '@loomgraph/config';
import { createGateway, gatewayConfig, gatewaySettings } from '@loomgraph/gateway';
import { defineSubgraph } from '@loomgraph/subgraph-kit';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { createShop } from '../graph/data.ts';
import { SDL, SUBGRAPHS } from '../graph/sdl.ts';
import { createSubgraphSchema } from '../graph/subgraph-schema.ts';

const [, , seed, port] = process.argv;
const shop = createShop(Number(seed));
const gateway = await createGateway({
  subgraphs: SUBGRAPHS.map((name) => ({
    kind: 'local',
    subgraph: defineSubgraph({ name, sdl: SDL[name], schema: createSubgraphSchema(shop, name), createContext: () => ({}) }),
  })),
  tokenVerifier: undefined,
  identitySecret: undefined,
  logger: createLogger({ level: 'error', name: 'bench' }),
  metrics: createMetrics({ defaultMetrics: true }),
  health: () => Promise.resolve([]),
  // As by default, but for sharing.
  settings: gatewaySettings(loadConfig(gatewayConfig, { COALESCING: 'false', FETCH_SHARING: 'false', EXPLAIN: 'off' })),
});
await gateway.listen({ host: '127.0.0.1', port: Number(port) });
