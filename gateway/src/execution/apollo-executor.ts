import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway';
import type { GatewayGraphQLResponse } from '@apollo/server-gateway-interface';
import type { SubgraphRequest } from '@loomgraph/subgraph-kit';
import { optOutOfApolloTelemetry } from '../config.js';
import { toApolloLogger } from '../telemetry/apollo-logger.js';
import { failedFetch } from './failed-fetch.js';
import type { CreateSupergraphExecutor } from './port.js';
import type { SubgraphTransports } from './subgraph-transports.js';

type ProcessOptions = Parameters<GraphQLDataSource['process']>[0];

/** The executor of `@apollo/gateway`: its planner, its execution, our transports. */
export const createApolloExecutor: CreateSupergraphExecutor = ({ supergraph, transports, logger }) => {
  optOutOfApolloTelemetry();
  return new ApolloGateway({
    logger: toApolloLogger(logger),
    // Left out, it follows NODE_ENV and hands query plans to clients of a development server.
    __exposeQueryPlanExperimental: false,
    buildService: ({ name }) => new TransportDataSource(name, transports),
    supergraphSdl: async ({ update }) => {
      const unsubscribe = supergraph.subscribe((version) => {
        // The order matters: `update` throws for a supergraph it cannot plan, and then the old transports must stay.
        update(version.supergraphSdl);
        transports.use(version.sources);
      });
      const { supergraphSdl, sources } = supergraph.current();
      transports.use(sources);
      return { supergraphSdl, cleanup: async () => unsubscribe() };
    },
  });
};

/** Apollo keeps one data source per name as long as its URL stays; the transport behind the name may change meanwhile. */
class TransportDataSource implements GraphQLDataSource {
  readonly #name: string;
  readonly #transports: SubgraphTransports;

  constructor(name: string, transports: SubgraphTransports) {
    this.#name = name;
    this.#transports = transports;
  }

  async process(options: ProcessOptions): Promise<GatewayGraphQLResponse> {
    const { query = '', variables, operationName } = options.request;
    // Apollo types the context of every request as an open record; ours is set in http/graphql-route.ts.
    const { identity, requestId, traceparent } = options.context as SubgraphRequest;
    try {
      const result = await this.#transports.execute(this.#name, {
        query,
        ...(variables === undefined ? {} : { variables }),
        ...(operationName === undefined ? {} : { operationName }),
        request: { identity, requestId, ...(traceparent === undefined ? {} : { traceparent }) },
      });
      return result; // the same shape; Apollo's differs in `readonly` only
    } catch (error) {
      const path = ('pathInIncomingRequest' in options && options.pathInIncomingRequest) || [];
      return failedFetch({ subgraph: this.#name, query, path, error });
    }
  }
}
