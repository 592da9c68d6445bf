import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What a command line means: settings as they would stand in the environment, or something to print instead of running. */
export type Invocation =
  | { readonly kind: 'run'; readonly settings: Readonly<Record<string, string>> }
  | { readonly kind: 'print'; readonly text: string; readonly exitCode: 0 | 2 };

const HELP = `Usage: npm run gateway -- [options]

Without options: the product in one process, its stores as set in the environment (docs/config.md).

With --supergraph: a gateway for any supergraph, and nothing else.

  --supergraph FILE|URL  supergraph SDL, as "rover supergraph compose" and others write it; a changed file is taken up at once, a URL is
                         polled (SUPERGRAPH)
  --port N               port to listen on; 0 takes a free one (PORT, 4000)
  --host ADDRESS         address to listen on (HOST, 127.0.0.1)
  --subgraph NAME=URL    where a subgraph runs, instead of the URL in the supergraph; may be repeated (SUBGRAPH_URLS)
  --forward HEADER       header of clients that subgraphs are sent, too; may be repeated (FORWARD_HEADERS)
  --help                 this page

Every setting can be given as an environment variable instead, shown in brackets. More of them: SUPERGRAPH_TOKEN, SUPERGRAPH_POLL_INTERVAL,
JWT_SECRET or JWKS_URL (verify access tokens), GATEWAY_IDENTITY_SECRET (sign who asks), RECORD_OPERATIONS, LOG_LEVEL.

  npm run gateway -- --supergraph supergraph.graphql --port 4000
  npm run gateway -- --supergraph https://registry.example/supergraph --subgraph products=http://localhost:4001/graphql
`;

/**
 * Reads the arguments of the gateway's process.
 * @param folder where the command was typed; a relative file is looked for there
 */
export function readArguments(args: readonly string[], folder: string): Invocation {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        supergraph: { type: 'string' },
        port: { type: 'string' },
        host: { type: 'string' },
        subgraph: { type: 'string', multiple: true },
        forward: { type: 'string', multiple: true },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    return { kind: 'print', text: `${(error as Error).message}\nSee: npm run gateway -- --help\n`, exitCode: 2 };
  }
  if (values.help) return { kind: 'print', text: HELP, exitCode: 0 };
  const { supergraph, port, host, subgraph, forward } = values;
  const settings = {
    SUPERGRAPH: supergraph === undefined || isUrl(supergraph) ? supergraph : resolve(folder, supergraph),
    PORT: port,
    HOST: host,
    SUBGRAPH_URLS: subgraph?.join(','),
    FORWARD_HEADERS: forward?.join(','),
  };
  return {
    kind: 'run',
    settings: Object.fromEntries(Object.entries(settings).filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

export function isUrl(location: string): boolean {
  return /^https?:\/\//i.test(location);
}
