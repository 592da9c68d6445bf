import { join } from 'node:path';
import type { StartGateway } from './gateway.ts';
import { spawnGateway } from './spawn-gateway.ts';

const PROGRAM = join(import.meta.dirname, '../peers/apollo-gateway.mjs');

/** With this repository's own packages, which are those that `peers/package.json` names: nothing is to be installed for it. */
export const startApolloGateway: StartGateway = (options) =>
  spawnGateway({ title: '@apollo/gateway', args: (port) => [PROGRAM, options.supergraphFile, String(port)], cwd: options.folder }, options);
