// wiring
export { createGateway, type Gateway, type GatewayDeps, type GatewaySettings } from './server.js';
export { gatewayConfig, type GatewayConfig } from './config.js';
export { gatewaySettings } from './process/gateway-settings.js';
export type { LandingPage } from './http/landing-page.js';
// subgraphs and their supergraph
export type { SubgraphSource } from './supergraph/subgraph-source.js';
export type { RefreshOutcome } from './supergraph/port.js';
export type { CompositionProblem, ProblemLocation } from './supergraph/compose.js';
// errors
export { CompositionError, SubgraphUnavailableError } from './errors.js';
// execution
export type { EngineSettings } from './execution/create-engine.js';
export type { Caller, Engine, EngineAnswer, EngineRequest } from './execution/engine.js';
// the whole product in one process
export { openGateway, type RunningGateway } from './process/run-gateway.js';
