import { LoomError } from '@loomgraph/core';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
}

/** What a Redis URL names. `addresses` are the server, the sentinels or some nodes of the cluster. */
export interface RedisTarget {
  readonly kind: 'single' | 'sentinel' | 'cluster';
  readonly addresses: readonly RedisAddress[];
  readonly tls: boolean;
  readonly username?: string;
  readonly password?: string;
  /** Number of the logical database; a cluster has only 0. */
  readonly database: number;
  /** The master's name in Sentinel's configuration. */
  readonly masterName?: string;
  readonly sentinelPassword?: string;
}

const FORM = /^(rediss?)(?:\+(sentinel|cluster))?:\/\/(?:([^:@/]*)(?::([^@/]*))?@)?([^/?#]+)(?:\/([^?#]*))?(?:\?(.*))?$/;
const DEFAULT_PORT = { single: 6379, sentinel: 26379, cluster: 6379 } as const;

/**
 * Reads `redis://[user:password@]host:port[/database]`, `redis+sentinel://h:p,h:p/<masterName>[?db=0&sentinelPassword=…]` or
 * `redis+cluster://h:p,h:p`; `rediss` instead of `redis` means TLS. URL cannot: it knows no list of hosts.
 * @throws LoomError CONFIG_INVALID
 */
export function parseRedisUrl(url: string): RedisTarget {
  const parts = FORM.exec(url);
  if (!parts) throw new LoomError('CONFIG_INVALID', 'A Redis URL looks like redis://host:6379, redis+sentinel://… or redis+cluster://…');
  const [, scheme, mode, username, password, hosts = '', path = '', query] = parts;
  const kind = mode === 'sentinel' || mode === 'cluster' ? mode : 'single';
  const parameters = new URLSearchParams(query);
  const addresses = hosts.split(',').map((host) => parseAddress(host, DEFAULT_PORT[kind]));
  if (kind === 'single' && addresses.length > 1)
    throw new LoomError('CONFIG_INVALID', 'redis:// takes one host; several need +sentinel or +cluster.');
  if (kind === 'sentinel' && !path) throw new LoomError('CONFIG_INVALID', "redis+sentinel:// needs the master's name as its path.");
  const database = Number((kind === 'single' ? path : parameters.get('db')) || 0);
  if (!Number.isInteger(database) || database < 0) throw new LoomError('CONFIG_INVALID', 'The database of a Redis URL is a number.');
  if (kind === 'cluster' && database !== 0) throw new LoomError('CONFIG_INVALID', 'A Redis Cluster has only database 0.');
  const sentinelPassword = parameters.get('sentinelPassword');
  return {
    kind,
    addresses,
    tls: scheme === 'rediss',
    database,
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(kind === 'sentinel' && { masterName: decodeURIComponent(path) }),
    ...(sentinelPassword && { sentinelPassword }),
  };
}

function parseAddress(text: string, defaultPort: number): RedisAddress {
  const parts = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text.trim());
  if (!parts?.[1]) throw new LoomError('CONFIG_INVALID', 'A Redis URL names its hosts as host:port, separated by commas.');
  return { host: parts[1].replace(/^\[|\]$/g, ''), port: parts[2] ? Number(parts[2]) : defaultPort };
}
