import { parseRedisUrl } from './redis-url.js';

describe('parseRedisUrl', () => {
  it('reads a single server', () => {
    expect(parseRedisUrl('redis://127.0.0.1:6380')).toEqual({
      kind: 'single',
      addresses: [{ host: '127.0.0.1', port: 6380 }],
      tls: false,
      database: 0,
    });
    expect(parseRedisUrl('rediss://user:p%40ss@cache.example/3')).toEqual({
      kind: 'single',
      addresses: [{ host: 'cache.example', port: 6379 }],
      tls: true,
      username: 'user',
      password: 'p@ss',
      database: 3,
    });
    expect(parseRedisUrl('redis://:secret@[::1]:7000')).toMatchObject({ addresses: [{ host: '::1', port: 7000 }], password: 'secret' });
  });

  it('reads sentinels and the name of their master', () => {
    expect(parseRedisUrl('redis+sentinel://a:1,b/loom?db=2&sentinelPassword=x')).toEqual({
      kind: 'sentinel',
      addresses: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26379 },
      ],
      tls: false,
      database: 2,
      masterName: 'loom',
      sentinelPassword: 'x',
    });
  });

  it('reads nodes of a cluster', () => {
    expect(parseRedisUrl('rediss+cluster://:pw@a:1,b:2')).toMatchObject({
      kind: 'cluster',
      tls: true,
      password: 'pw',
      addresses: [
        { host: 'a', port: 1 },
        { host: 'b', port: 2 },
      ],
    });
  });

  it.each(['http://a', 'redis://', 'redis://a,b', 'redis+sentinel://a:1', 'redis+cluster://a/1?db=1', 'redis://a/x', 'redis://a:b'])(
    'refuses %s',
    (url) => {
      expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: 'CONFIG_INVALID' }));
    },
  );
});
