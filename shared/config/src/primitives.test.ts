import { inspect } from 'node:util';
import type { z } from 'zod';
import { parseMultiHostUrl } from './multi-host-url.js';
import { byteSize, duration, flag, integer, list, port, ratio, secret, text, url } from './primitives.js';
import { Secret } from './secret.js';

const REFUSED = Symbol('refused');
const read = (schema: z.ZodType, value: string): unknown => {
  const result = schema.safeParse(value);
  return result.success ? result.data : REFUSED;
};

describe('primitives', () => {
  it.each([
    [duration(), '250ms', 250],
    [duration(), '30s', 30_000],
    [duration(), '1.5m', 90_000],
    [duration(), '1h', 3_600_000],
    [duration(), '2D', 172_800_000],
    [duration(), '0', 0],
    [duration(), '30', REFUSED],
    [duration(), '-1s', REFUSED],
    [duration(), '1s 2s', REFUSED],
    [duration({ minMs: 100 }), '0', REFUSED],
    [duration({ maxMs: 1_000 }), '2s', REFUSED],
    [byteSize(), '10mb', 10_485_760],
    [byteSize(), '512KB', 524_288],
    [byteSize(), '77', 77],
    [byteSize(), '1tb', REFUSED],
    [byteSize({ maxBytes: 1024 }), '2kb', REFUSED],
    [port(), '0', 0],
    [port(), '65535', 65_535],
    [port(), '65536', REFUSED],
    [port(), '80.5', REFUSED],
    [integer({ min: -3 }), '-3', -3],
    [integer({ min: 1, max: 5 }), '6', REFUSED],
    [integer(), '1e3', REFUSED],
    [ratio(), '0.25', 0.25],
    [ratio(), '25%', 0.25],
    [ratio(), '1.01', REFUSED],
    [ratio(), '101%', REFUSED],
    [flag(), 'On', true],
    [flag(), '0', false],
    [flag(), 'maybe', REFUSED],
    [list(), ' a, b,,c ', ['a', 'b', 'c']],
    [list(), '', []],
    [text({ minLength: 3 }), 'ab', REFUSED],
    [text(), 'ab', 'ab'],
  ])('%# reads %s', (schema, value, expected) => {
    expect(read(schema, value as string)).toEqual(expected);
  });

  it('says what it expects, with the bounds', () => {
    expect(duration({ minMs: 1 }).safeParse('x').error?.issues[0]?.message).toBe(
      'expected a duration such as 250ms, 30s, 5m, 1h of at least 1 ms',
    );
    expect(integer({ min: 1, max: 5 }).safeParse(undefined).error?.issues[0]?.message).toBe('expected a whole number from 1 to 5');
  });

  it.each([
    'redis+sentinel://h:1,h:2/name',
    'redis+cluster://:p%40ss@10.0.0.1:7000,10.0.0.2:7000',
    'mysql://root:a@b@127.0.0.1:3306/loom?charset=utf8mb4',
    'http://key:secret@127.0.0.1:9000/bucket?region=us-east-1',
    'bolt://[::1]:7687',
    'file:///var/data',
    'kafka://broker_1:9092',
  ])('takes the URL %s', (value) => {
    expect(read(url(), value)).toBe(value);
  });

  it.each(['', 'h:1', 'redis://', 'redis://h:0', 'redis://h:70000', 'redis://h,,g', 'redis://a b/x', 'mysql://%@h/x', 'redis://h:1/a b'])(
    'refuses the URL %p',
    (value) => {
      expect(read(url(), value)).toBe(REFUSED);
    },
  );

  it('names the schemes of a URL', () => {
    expect(url('redis', 'rediss').safeParse('http://h').error?.issues[0]?.message).toBe(
      'expected a URL starting with redis:// or rediss:// and a host',
    );
    expect(read(url('redis'), 'REDIS://h')).toBe('REDIS://h');
  });

  it('takes a multi-host URL apart', () => {
    const parsed = parseMultiHostUrl('redis+sentinel://user:p%40ss@h1:26379,[fe80::1],h3/name?db=2');
    expect(parsed).toMatchObject({
      scheme: 'redis+sentinel',
      username: 'user',
      password: 'p@ss',
      hosts: [{ host: 'h1', port: 26_379 }, { host: 'fe80::1' }, { host: 'h3' }],
      path: '/name',
    });
    expect(parsed?.search.get('db')).toBe('2');
  });
});

describe('Secret', () => {
  it('prints as redacted however it is printed', () => {
    const value = read(secret(), 'hunter2') as Secret;
    expect(value).toBeInstanceOf(Secret);
    expect(
      [`${value}`, JSON.stringify({ value }), inspect({ value }), inspect(value, { showHidden: true }), String(value)].join(),
    ).not.toContain('hunter2');
    expect(JSON.stringify(value)).toBe('"[redacted]"');
    expect(value.reveal()).toBe('hunter2');
  });
});
