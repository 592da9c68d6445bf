/**
 * Who may import whom. Run by `npm run lint`. Other workspaces are reached through their packages, so such an edge ends at
 * a `dist/index.js`; inside a workspace it ends at a source.
 */
import { teachUsingDeclarations } from './tools/lint/using-declarations.mjs';

teachUsingDeclarations();

/** Sources that run in production: neither tests nor what exists for tests. */
const TEST_CODE = String.raw`(\.test\.ts|\.e2e\.ts|[./]contract\.ts|/test/|/testing(/|\.ts))`;

/** What each shared package may import of the others, besides itself. */
const SHARED = {
  core: [],
  config: ['core'],
  telemetry: ['core'],
  events: ['core'],
  auth: ['core', 'telemetry', 'events'],
  ai: ['core', 'config', 'telemetry'],
  stores: ['core', 'config', 'telemetry', 'events'],
  sync: ['core', 'telemetry', 'events', 'stores'],
  'subgraph-kit': ['core', 'config', 'telemetry', 'auth'],
};

/** Clients of one vendor's store. `@mikro-orm/core` and `/sql` are no drivers: entities and queries are written with them. */
const DRIVERS = [
  'ioredis',
  'pg',
  'mysql2',
  'neo4j-driver',
  '@platformatic/kafka',
  '@aws-sdk/[^/]+',
  '@electric-sql/[^/]+',
  '@mikro-orm/(mysql|mariadb|postgresql|pglite)',
];

/** Files of an adapter, named after its backend, and the set that opens them. */
const ADAPTERS = String.raw`^shared/stores/src/[a-z]+/(redis|s3|kafka|pg|pglite|neo4j|mysql|mariadb)[^/]*\.ts$|^shared/stores/src/store-set\.ts$`;

const packages = (names) => `^node_modules/(@types/)?(${names.join('|')})/`;
const npm = String.raw`^node_modules/`;

const sharedRules = Object.entries(SHARED).map(([name, allowed]) => ({
  name: `shared-${name}`,
  comment: `shared/${name} imports of this repository only: ${allowed.join(', ') || 'itself'}.`,
  severity: 'error',
  from: { path: `^shared/${name}/src/`, pathNot: TEST_CODE },
  to: { path: '^(shared|subgraphs|gateway|tools)/', pathNot: `^shared/(${[name, ...allowed].join('|')})/` },
}));

export default {
  forbidden: [
    { name: 'no-circular', comment: 'Cycles are errors everywhere.', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-unresolvable',
      comment: 'What is imported must be there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(@apollo/server-gateway-interface|@graphql-typed-document-node/core)$' }, // packages of types alone
    },
    {
      name: 'no-undeclared-packages',
      comment: 'A package is declared by the workspace that imports it.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-packages',
      comment: 'Production code needs dependencies, not devDependencies.',
      severity: 'error',
      from: { path: '^(shared|subgraphs|gateway)/[^/]+/', pathNot: TEST_CODE },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
    },

    ...sharedRules,
    {
      name: 'shared-below-everything',
      comment: 'Shared packages know no subgraph and no gateway.',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(subgraphs|gateway)/' },
    },
    {
      name: 'core-has-few-packages',
      comment: 'shared/core needs Node, zod and the id generator.',
      severity: 'error',
      from: { path: '^shared/core/src/', pathNot: TEST_CODE },
      to: { path: npm, pathNot: packages(['zod', 'uuidv7']) },
    },
    {
      name: 'drivers-in-adapters',
      comment: "A store's driver is imported by the adapter of that backend only.",
      severity: 'error',
      from: {
        path: '^(shared|subgraphs|gateway)/',
        // relationships is Neo4j's own subgraph: what it offers is that store.
        pathNot: [TEST_CODE, ADAPTERS, '^subgraphs/[^/]+/src/(store|adapters|projections)/', '^subgraphs/relationships/src/'],
      },
      to: { path: packages(DRIVERS) },
    },

    {
      name: 'no-subgraph-to-subgraph',
      comment: 'Subgraphs share entities through federation and facts through shared/events, never code.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/' },
      to: { path: '^subgraphs/', pathNot: '^subgraphs/$1/' },
    },
    {
      name: 'subgraphs-below-gateway',
      comment: 'A subgraph knows no gateway.',
      severity: 'error',
      from: { path: '^subgraphs/' },
      to: { path: '^gateway/' },
    },
    {
      name: 'domain-is-pure',
      comment: 'A domain imports its own files, shared/core and shared/events: no package, no Node module, no other room.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/src/domain/', pathNot: TEST_CODE },
      to: { pathNot: ['^subgraphs/$1/src/domain/', '^shared/(core|events)/'] },
    },
    {
      name: 'graphql-sees-no-store',
      comment: 'Resolvers and view types reach stores through the domain only.',
      severity: 'error',
      // relationships is the graph: its resolvers come from @neo4j/graphql and its driver. operations shows and commands the sync engines.
      from: { path: '^subgraphs/([^/]+)/src/graphql/', pathNot: [TEST_CODE, '^subgraphs/(relationships|operations)/'] },
      to: {
        path: ['^subgraphs/$1/src/(store|adapters|projections)/', '^shared/(stores|sync)/', packages(['@mikro-orm/[^/]+', ...DRIVERS])],
      },
    },
    {
      name: 'stores-see-no-graphql',
      comment: 'Repositories, adapters and projections know nothing of GraphQL.',
      severity: 'error',
      from: { path: '^subgraphs/([^/]+)/src/(store|adapters|projections)/', pathNot: TEST_CODE },
      to: { path: ['^subgraphs/$1/src/graphql/', packages(['type-graphql', 'graphql', 'graphql-scalars'])] },
    },
    {
      name: 'gateway-loads-subgraphs-in-one-place',
      comment: 'The gateway knows subgraphs by their SDL; one file loads those that run in its process.',
      severity: 'error',
      from: { path: '^gateway/src/', pathNot: [TEST_CODE, String.raw`/local-subgraphs\.ts$`] },
      to: { path: '^subgraphs/' },
    },

    {
      name: 'production-without-tests',
      comment: 'Production code imports nothing that exists for tests.',
      severity: 'error',
      from: { path: '^(shared|subgraphs|gateway)/', pathNot: [TEST_CODE, '^shared/testing/'] },
      to: { path: [String.raw`^(shared|subgraphs|gateway)/.*${TEST_CODE}`, '^shared/testing/', '^(e2e|bench|tools)/'] },
    },
    {
      name: 'tools-use-what-is-exported',
      comment: 'Tools, benches and end-to-end tests use the packages as others would.',
      severity: 'error',
      from: { path: '^(tools|bench|e2e)/' },
      to: { path: ['^(shared|subgraphs)/[^/]+/(src|test)/', '^gateway/(src|test)/'] },
    },
  ],
  options: {
    doNotFollow: { path: ['node_modules', '/dist/'] },
    // TypeScript 7 has no API for other programs.
    parser: 'swc',
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
