import { LoomError } from '@loomgraph/core';
import type { Gateway } from '../server.js';

/** Listens; answers the URL. @throws LoomError (CONFIG_INVALID) with one line when the port is taken or the address is not this machine's */
export async function listen(gateway: Gateway, address: { readonly host: string; readonly port: number }): Promise<string> {
  const { host, port } = address;
  try {
    return await gateway.listen({ host, port });
  } catch (error) {
    const reason = REASONS[(error as NodeJS.ErrnoException).code ?? ''];
    if (reason === undefined) throw error;
    throw new LoomError('CONFIG_INVALID', reason(host, port), { cause: error });
  }
}

const REASONS: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) => `Port ${port} on ${host} is in use; stop what listens there, or set PORT to another one.`,
  EACCES: (host, port) => `This process may not listen on port ${port} of ${host}; set PORT to one above 1023.`,
  EADDRNOTAVAIL: (host) => `${host} is no address of this machine; set HOST to one that is.`,
};
