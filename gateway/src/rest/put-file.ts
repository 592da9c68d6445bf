import { LoomError } from '@loomgraph/core';
import type { PutFile } from './serve-route.js';

/** A file has this long to be stored. */
const PUT_TIMEOUT_MS = 60_000;

/**
 * Sends files to addresses that the graph gave out. Those of this process are asked where it listens: what stands at its public address may not be
 * reached from here.
 */
export function createPutFile(addresses: { readonly publicUrl: string; readonly ownUrl: () => string }): PutFile {
  return async (url, headers, bytes) => {
    const { publicUrl } = addresses;
    const target = url.startsWith(`${publicUrl}/`) ? `${addresses.ownUrl()}${url.slice(publicUrl.length)}` : url;
    let response: Response;
    // It is no shared memory, which a type of Node leaves open.
    const body = bytes as Uint8Array<ArrayBuffer>;
    try {
      response = await fetch(target, { method: 'PUT', headers: { ...headers }, body, signal: AbortSignal.timeout(PUT_TIMEOUT_MS) });
      await response.arrayBuffer();
    } catch (error) {
      throw new LoomError('STORE_UNAVAILABLE', 'The object store did not take the file; send it again later.', { cause: error });
    }
    if (!response.ok) {
      throw new LoomError('STORE_UNAVAILABLE', `The object store answered ${response.status} to the file; send it again later.`);
    }
  };
}
