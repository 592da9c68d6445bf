import { join } from 'node:path';
import { GATEWAY_OPTIONS } from '../../../tools/run/launch/paths.mjs';
import { ROOT } from '../../../tools/report/machine.ts';
import type { StartGateway } from './gateway.ts';
import { spawnGateway } from './spawn-gateway.ts';

const QUIET = { LOG_LEVEL: 'error' };

/** Ours alone: what `npm run gateway -- --supergraph FILE --port N` runs. By default it shares operations and fetches, as Hive Gateway may. */
export const startOurs: StartGateway = (options) =>
  spawnGateway(
    {
      title: 'our gateway',
      args: (port) => [
        ...GATEWAY_OPTIONS,
        join(ROOT, 'gateway/dist/main.js'),
        '--supergraph',
        options.supergraphFile,
        '--port',
        String(port),
      ],
      cwd: options.folder,
      env: { ...QUIET, COALESCING: String(options.sharing === 'operations'), FETCH_SHARING: String(options.sharing !== 'none') },
    },
    options,
  );

/** Ours with the subgraphs in its process; nothing shared. */
export const startOursInProcess: StartGateway = (options) =>
  spawnGateway(
    {
      title: 'our gateway, all in one process',
      args: (port) => [...GATEWAY_OPTIONS, join(import.meta.dirname, 'in-process.ts'), String(options.seed), String(port)],
      cwd: options.folder,
    },
    options,
  );
