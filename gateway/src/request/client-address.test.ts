import type { IncomingMessage } from 'node:http';
import { createClientAddress, isNetwork } from './client-address.js';

const from = (remoteAddress: string | undefined, forwarded?: string | string[]) =>
  ({ socket: { remoteAddress }, headers: { 'x-forwarded-for': forwarded } }) as unknown as IncomingMessage;

describe('the address of a client', () => {
  const address = createClientAddress(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);

  it('1. is the other end of the connection, whatever the header claims', () => {
    expect(address(from('203.0.113.7', '198.51.100.1'))).toBe('203.0.113.7');
    expect(address(from('::ffff:203.0.113.7'))).toBe('203.0.113.7');
    expect(address(from(undefined, '198.51.100.1'))).toBeUndefined();
    expect(createClientAddress([])(from('127.0.0.1', '198.51.100.1'))).toBe('127.0.0.1');
  });

  it('2. is the last one in the header that is no trusted proxy', () => {
    expect(address(from('127.0.0.1', '198.51.100.1'))).toBe('198.51.100.1');
    expect(address(from('127.0.0.1', '6.6.6.6, 198.51.100.1, 10.1.2.3'))).toBe('198.51.100.1');
    expect(address(from('::ffff:10.0.0.9', ['6.6.6.6', '198.51.100.1']))).toBe('198.51.100.1');
    expect(address(from('fd00::9', '[2001:db8::1]:443'))).toBe('2001:db8::1');
    expect(address(from('127.0.0.1', '198.51.100.1:5000'))).toBe('198.51.100.1');
  });

  it('3. is the last trusted one where the header says nothing that counts', () => {
    expect(address(from('127.0.0.1'))).toBe('127.0.0.1');
    expect(address(from('127.0.0.1', ''))).toBe('127.0.0.1');
    expect(address(from('127.0.0.1', 'unknown'))).toBe('127.0.0.1');
    expect(address(from('127.0.0.1', '6.6.6.6, unknown, 10.0.0.2'))).toBe('10.0.0.2');
    expect(address(from('127.0.0.1', '1.1.1.1,'.repeat(1_000)))).toBe('127.0.0.1');
  });

  it('knows networks from other texts', () => {
    for (const network of ['10.0.0.0/8', '127.0.0.1', '::1', 'fd00::/8', '0.0.0.0/0']) expect(isNetwork(network)).toBe(true);
    for (const text of ['', 'proxy', '10.0.0.0/33', '10.0.0.0/', '::/129', '1.2.3.4/8/8', '10.0.0.0/-1'])
      expect(isNetwork(text)).toBe(false);
  });
});
