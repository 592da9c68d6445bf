import type { GatewayInterface } from '@apollo/server-gateway-interface';
import type { Logger } from '@loomgraph/telemetry';
import type { LiveSupergraph } from '../supergraph/live-supergraph.js';
import type { SubgraphTransports } from './subgraph-transports.js';

/**
 * Plans and executes operations against the current supergraph; what Apollo Server's `gateway` option takes.
 *
 * 1. `load` makes the current supergraph executable; it is called once.
 * 2. A later version is taken up whole or not at all: a version that cannot be planned leaves the earlier one serving.
 * 3. Operations in flight during a change finish.
 * 4. Every fetch goes through `SubgraphTransports`; the executor opens nothing itself.
 * 5. A failed fetch nulls its own branch. Its errors carry `extensions.serviceName` and, where the fetch has one, a path.
 * 6. `stop` ends the subscription to the supergraph; it closes neither the supergraph nor the transports.
 */
export type SupergraphExecutor = GatewayInterface;

export interface SupergraphExecutorDeps {
  readonly supergraph: LiveSupergraph;
  readonly transports: SubgraphTransports;
  readonly logger: Logger;
}

export type CreateSupergraphExecutor = (deps: SupergraphExecutorDeps) => SupergraphExecutor;
