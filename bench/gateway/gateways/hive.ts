import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { installedPeers } from '../peers/install.ts';
import type { Sharing, StartGateway } from './gateway.ts';
import { spawnGateway } from './spawn-gateway.ts';

/** Hive Gateway with the planner in JavaScript it has by default. */
export const startHiveGateway: StartGateway = (options) => startHive(options, { title: 'Hive Gateway', runtime: undefined });

/** Hive Gateway with the Rust planner and the executor made for it. */
export const startHiveGatewayRust: StartGateway = (options) =>
  startHive(options, { title: 'Hive Gateway with its Rust planner', runtime: '@graphql-hive/router-runtime' });

async function startHive(
  options: Parameters<StartGateway>[0],
  { title, runtime }: { readonly title: string; readonly runtime: string | undefined },
): ReturnType<StartGateway> {
  const folder = installedPeers();
  if (folder === undefined) throw new Error(`${title} is not installed.`);
  const config = join(folder, `hive-${runtime === undefined ? 'default' : 'rust'}-${options.sharing}.config.mjs`);
  await writeFile(config, configText(options.sharing, runtime));
  return spawnGateway(
    {
      title,
      args: (port) => [
        join(folder, 'node_modules/@graphql-hive/gateway/dist/bin.js'),
        'supergraph',
        options.supergraphFile,
        `--config-path=${config}`,
        '--host=127.0.0.1',
        `--port=${port}`,
        '--fork=1',
        ...(runtime === undefined ? ['--jit'] : []), // it would take the place of the Rust planner's executor
      ],
      cwd: folder,
    },
    options,
  );
}

/** As its documentation configures it for speed: JIT, no logs; sharing of fetches is its default, sharing of operations its option. */
function configText(sharing: Sharing, runtime: string | undefined): string {
  return [
    ...(runtime === undefined ? [] : [`import { unifiedGraphHandler } from '${runtime}';`]),
    'export const gatewayConfig = {',
    ...(runtime === undefined ? [] : ['  unifiedGraphHandler,']),
    '  logging: false,',
    `  inboundInflightRequestDeduplication: ${sharing === 'operations'},`,
    ...(sharing === 'none' ? ["  transportEntries: { '*.http': { options: { deduplicateInflightRequests: false } } },"] : []),
    '};',
    '',
  ].join('\n');
}
