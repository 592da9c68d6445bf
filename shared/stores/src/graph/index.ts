export * from './port.js';
export { openNeo4jGraph, type Neo4jGraphOptions } from './neo4j-graph-store.js';
export { openSqlGraph, type SqlGraphOptions } from './sql-graph-store.js';
