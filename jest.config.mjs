/**
 * Tiers by file suffix: `*.test.ts` unit and component, `*.integration.test.ts` against stores, `*.e2e.ts` through the gateway.
 * Workspaces resolve to their sources, so no build stands between an edit and its test.
 */
const swc = {
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    target: 'es2023',
    keepClassNames: true,
    transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
  swcrc: false,
};

const tier = (displayName, testMatch, ignore = []) => ({
  displayName,
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testMatch,
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...ignore],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    '^@loomgraph/ai/testing$': '<rootDir>/shared/ai/src/testing.ts',
    '^@loomgraph/stores/([a-z]+)$': '<rootDir>/shared/stores/src/$1/index.ts',
    '^@loomgraph/subgraph-kit/([a-z-]+)$': '<rootDir>/shared/subgraph-kit/src/$1.ts',
    '^@loomgraph/subgraph-(?!kit$)([a-z-]+)$': '<rootDir>/subgraphs/$1/src/index.ts',
    '^@loomgraph/gateway/process$': '<rootDir>/gateway/src/process/index.ts',
    '^@loomgraph/gateway$': '<rootDir>/gateway/src/index.ts',
    '^@loomgraph/([a-z-]+)$': '<rootDir>/shared/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  modulePathIgnorePatterns: ['/dist/', '/.loom/', '/.stores/'],
  watchPathIgnorePatterns: ['/.loom/', '/.stores/'],
});

export default {
  projects: [
    tier('unit', ['**/*.test.ts'], ['\\.integration\\.test\\.ts$']),
    tier('integration', ['**/*.integration.test.ts']),
    tier('e2e', ['**/*.e2e.ts']),
  ],
  collectCoverageFrom: [
    'shared/*/src/**/*.ts',
    'subgraphs/*/src/**/*.ts',
    '!**/*.test.ts',
    '!**/contract.ts',
    '!**/*.contract.ts',
    '!**/main.ts',
  ],
  coverageProvider: 'v8',
  testTimeout: 60_000,
};
