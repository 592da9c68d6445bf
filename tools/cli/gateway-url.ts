import type { ProcessConfig } from '@loomgraph/gateway/process';

/** Where the gateway of this configuration listens, as its own machine reaches it. */
export function defaultUrl({ server: { host, port } }: Pick<ProcessConfig, 'server'>): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Base of the URL, given with or without `/graphql`. */
export const trimUrl = (url: string): string => url.replace(/\/+$/, '').replace(/\/graphql$/, '');
