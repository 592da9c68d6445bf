import { BlockList, isIP, isIPv6 } from 'node:net';
import type { IncomingMessage } from 'node:http';
import { remembered } from './remembered.js';

/** Longer than any chain of proxies; a header beyond it is somebody's experiment. */
const MAX_FORWARDED_CHARACTERS = 2_048;

/**
 * Where a request came from.
 *
 * 1. The address at the other end of the connection, unless that is a trusted proxy.
 * 2. From a trusted proxy: the last address of `X-Forwarded-For` that is no trusted proxy itself. Everything left of it was written by
 *    whoever sent the request, and is not looked at.
 * 3. Where a trusted proxy says nothing, or something that is no address, the last trusted one: throttles then count together what they cannot tell apart.
 */
export type ClientAddress = (request: Pick<IncomingMessage, 'socket' | 'headers'>) => string | undefined;

/** @param trusted addresses and networks in CIDR notation, as `trustedProxies()` has checked them */
export function createClientAddress(trusted: readonly string[]): ClientAddress {
  const proxies = toBlockList(trusted);
  const isTrusted = (address: string): boolean => proxies.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
  return ({ socket, headers }) => {
    const peer = socket.remoteAddress === undefined ? undefined : plain(socket.remoteAddress);
    if (peer === undefined || trusted.length === 0 || !isTrusted(peer)) return peer;
    const header = headers['x-forwarded-for'];
    const text = Array.isArray(header) ? header.join(',') : (header ?? '');
    if (text.length > MAX_FORWARDED_CHARACTERS) return peer;
    let last = peer;
    for (const part of text.split(',').toReversed()) {
      const address = plain(part.trim());
      if (isIP(address) === 0) return last;
      last = address;
      if (!isTrusted(address)) return address;
    }
    return last;
  };
}

/** Whether a text is an address or a network: `10.0.0.0/8`, `127.0.0.1`, `fd00::/8`. */
export function isNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 6 ? 128 : 32));
}

function toBlockList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return list;
}

/** An IPv4 address as a dual-stack socket shows it is the same address; brackets and ports of some proxies fall off. */
const plain = remembered((address: string): string => {
  const bare = /^\[([\da-f:.]+)\](?::\d+)?$/i.exec(address)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(address)?.[1] ?? address;
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1] ?? bare;
});
