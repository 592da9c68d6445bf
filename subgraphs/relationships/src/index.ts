export { createRelationshipsSubgraph, RELATIONSHIPS, type RelationshipsDependencies } from './app.js';
export { emitSchema } from './schema/build-schema.js';
export { relationshipsConfig } from './config.js';
