// wiring
export { createGateway, type Gateway, type GatewayDeps, type GatewaySettings } from './server.js';
export { gatewayConfig, optOutOfApolloTelemetry, type GatewayConfig } from './config.js';
export type { LandingPage } from './http/landing-page.js';
// subgraphs and their supergraph
export type { SubgraphSource } from './supergraph/subgraph-source.js';
export type { RefreshOutcome } from './supergraph/live-supergraph.js';
export type { CompositionProblem, ProblemLocation } from './supergraph/compose.js';
// errors
export { CompositionError, SubgraphUnavailableError } from './errors.js';
// execution port
export type { CreateSupergraphExecutor, SupergraphExecutor, SupergraphExecutorDeps } from './execution/port.js';
// the whole product in one process
export { processConfig, type ProcessConfig } from './process/config.js';
export { developmentSecret } from './process/development-secret.js';
export { openGateway, type RunningGateway } from './process/run-gateway.js';
