import { FaultProxy } from '@loomgraph/testing';

/** A proxy before each server: what goes through it can be cut, refused, or held without an answer. */
export interface ProxiedStores extends AsyncDisposable {
  /** The same variables, each with the proxy's address. */
  readonly env: Readonly<Record<string, string>>;
  readonly proxies: ReadonlyMap<string, FaultProxy>;
}

export async function openProxies(env: Readonly<Record<string, string>>): Promise<ProxiedStores> {
  const proxies = new Map<string, FaultProxy>();
  const proxied: Record<string, string> = {};
  for (const [key, text] of Object.entries(env)) {
    const url = new URL(text);
    const proxy = await FaultProxy.before({ host: url.hostname, port: Number(url.port) });
    proxies.set(key, proxy);
    url.port = String(proxy.port);
    proxied[key] = url.href;
  }
  return {
    env: proxied,
    proxies,
    async [Symbol.asyncDispose]() {
      for (const proxy of proxies.values()) await proxy[Symbol.asyncDispose]();
    },
  };
}
