export { createOperationsSubgraph, OPERATIONS, type OperationsDependencies } from './app.js';
export { operationsConfig } from './config.js';
export { emitSchema } from './graphql/schema.js';
