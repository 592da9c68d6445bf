import { parseInvocation } from './args.ts';
import { STORE_NAMES } from './names.ts';

describe('parseInvocation', () => {
  it('takes every store and no options by default', () => {
    expect(parseInvocation(['up'])).toEqual({ command: 'up', stores: STORE_NAMES, json: undefined, fsync: undefined, purge: false });
  });

  it.each([
    [['env', '--json'], '-'],
    [['env', '--json', '-'], '-'],
    [['env', '--json', '--only', 'redis'], '-'],
    [['env', '--json', 'urls.json'], 'urls.json'],
    [['env', '--json=urls.json'], 'urls.json'],
  ])('reads %j as JSON to %s', (args, target) => {
    expect(parseInvocation(args)?.json).toBe(target);
  });

  it('keeps the order of the stores, whatever the order asked', () => {
    expect(parseInvocation(['up', '--only', 'kafka, mysql'])?.stores).toEqual(['mysql', 'kafka']);
  });

  it('tells fsync left alone from fsync on and off', () => {
    expect(parseInvocation(['up', '--no-fsync'])?.fsync).toBe(false);
    expect(parseInvocation(['up', '--fsync'])?.fsync).toBe(true);
  });

  it('answers a call for help with nothing', () => {
    expect(parseInvocation(['--help'])).toBeUndefined();
  });

  it.each([
    [[], 'expected one of'],
    [['start'], 'expected one of'],
    [['up', 'down'], 'expected one of'],
    [['up', '--purge'], '--purge belongs to down'],
    [['status', '--no-fsync'], 'belong to up'],
    [['up', '--only', 'redis,mongo'], '"redis,mongo"'],
    [['up', '--only', ''], '--only takes'],
    [['up', '--fast'], '--fast'],
  ])('refuses %j', (args, message) => {
    expect(() => parseInvocation(args)).toThrow(message);
  });
});
