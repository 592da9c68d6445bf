import type { IncomingMessage } from 'node:http';
import { createCors, type Cors } from './cors.js';

const APP = 'https://app.example';
const settings = { origins: [APP, 'http://localhost:3000'], credentials: true, maxAgeMs: 600_000 };
const request = (headers: Record<string, string>): IncomingMessage => ({ headers }) as unknown as IncomingMessage; // all that is read
const headersOf = (cors: Cors | undefined, origin?: string): Record<string, string> => {
  const list = cors?.headersOf(request(origin === undefined ? {} : { origin })) ?? [];
  return Object.fromEntries(Array.from({ length: list.length / 2 }, (_, index) => [list[2 * index], list[2 * index + 1]]));
};

describe('createCors', () => {
  it('allows the origins of the list, with credentials where they are allowed', () => {
    expect(headersOf(createCors(settings), APP)).toMatchObject({
      vary: 'Origin',
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': expect.stringContaining('retry-after'),
    });
    expect(headersOf(createCors({ ...settings, credentials: false }), APP)).not.toHaveProperty('access-control-allow-credentials');
  });

  it.each([
    'https://app.example.evil.test',
    'https://evil.test/https://app.example',
    'https://xapp.example',
    'http://app.example',
    'https://app.example:443',
    'https://APP.example',
    'null',
    '',
    '*',
  ])('says nothing but Vary to %j', (origin) => {
    expect(headersOf(createCors(settings), origin)).toEqual({ vary: 'Origin' });
    expect(createCors(settings)?.preflightHeadersOf(request({ origin, 'access-control-request-method': 'POST' }))).toEqual({});
  });

  it('says Vary to who has no origin, too: a cache may keep that answer', () => {
    expect(headersOf(createCors(settings))).toEqual({ vary: 'Origin' });
  });

  it('answers a preflight with methods, the headers asked for, and how long that holds', () => {
    const asked = { origin: APP, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization, content-type' };
    expect(createCors(settings)?.preflightHeadersOf(request(asked))).toEqual({
      'access-control-allow-methods': 'GET, HEAD, POST',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    });
  });

  it.each(['a b', 'a,,b', 'a\u0001', 'x'.repeat(2_000), ''])('does not repeat %j as a list of headers', (names) => {
    const asked = { origin: APP, 'access-control-request-method': 'POST', 'access-control-request-headers': names };
    expect(createCors(settings)?.preflightHeadersOf(request(asked))).not.toHaveProperty('access-control-allow-headers');
  });

  it('any origin, but not with credentials', () => {
    expect(headersOf(createCors({ ...settings, origins: ['*'], credentials: false }), 'https://anyone.test')).toEqual({
      'access-control-allow-origin': '*',
      'access-control-expose-headers': expect.any(String),
    });
    expect(() => createCors({ ...settings, origins: ['*'] })).toThrow('exclude each other');
  });

  it('is nothing without origins', () => {
    expect(createCors({ ...settings, origins: [] })).toBeUndefined();
  });
});
