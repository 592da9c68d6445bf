export { defineSubgraph, type Subgraph, type SubgraphDefinition, type SubgraphRequest } from './define-subgraph.js';
export { buildFederatedSchema, type ComposedDirective, type ReferenceResolver, type SchemaOptions } from './build-subgraph-schema.js';
export { createLocalHost, type SubgraphExecutor, type SubgraphFetch } from './local-host.js';
export { createHttpHost, type HttpHost, type HttpHostOptions } from './http-host.js';
export { formatExecutionErrors, toGraphQLError } from './format-error.js';
export { createLoader } from './loaders.js';
export { runUntilSignal } from './run-until-signal.js';
export { assertStorableText } from './storable-text.js';
export { problemsOf, validateArgument } from './validate-argument.js';
