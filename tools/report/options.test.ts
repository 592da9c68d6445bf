import { parseInvocation } from './options.ts';

const bench = { command: 'bench', stores: ['both', 'embedded', 'real'] } as const;
const drill = { command: 'drill', stores: ['embedded', 'real'] } as const;

describe('parseInvocation', () => {
  it('takes the first kind of stores, a fixed seed and the full size by default', () => {
    expect(parseInvocation(['templates'], bench)).toEqual({
      kind: 'run',
      name: 'templates',
      json: undefined,
      options: { short: false, strict: false, seed: 1, stores: ['embedded', 'real'] },
    });
    expect(parseInvocation(['smoke'], drill)).toMatchObject({ options: { stores: ['embedded'] } });
  });

  it('reads every option', () => {
    expect(parseInvocation(['smoke', '--stores', 'real', '--seed=42', '--short', '--json', 'out/a.json'], drill)).toMatchObject({
      name: 'smoke',
      json: 'out/a.json',
      options: { short: true, seed: 42, stores: ['real'] },
    });
  });

  it('reads the number of the one case to replay', () => {
    expect(parseInvocation(['oracle', '--seed', '3', '--only', '17'], drill)).toMatchObject({ options: { seed: 3, only: 17 } });
  });

  it('reads the names of the cases to run', () => {
    const { options } = parseInvocation(['abuse', '--only', 'token-alg-none,heavyFetchesShared'], drill) as { options: object };
    const onlyCases = ['token-alg-none', 'heavyFetchesShared'];
    expect(options).toEqual({ short: false, strict: false, seed: 1, stores: ['embedded'], onlyCases });
  });

  it('runs nothing without a name', () => {
    expect(parseInvocation([], drill)).toMatchObject({ kind: 'run', name: undefined });
    expect(parseInvocation(['-h'], drill)).toEqual({ kind: 'help' });
  });

  it.each([
    [['a', 'b'], 'One drill at a time'],
    [['smoke', '--stores', 'both'], '--stores takes embedded, real'],
    [['smoke', '--seed', 'x'], '--seed takes a whole number'],
    [['smoke', '--only', '-1'], '--only'],
    [['smoke', '--only', 'Last one'], '--only takes a whole number'],
    [['smoke', '--only', 'one,,two'], '--only takes a whole number'],
    [['smoke', '--json='], '--json takes a file'],
    [['smoke', '--fast'], '--fast'],
  ])('refuses %j', (args, message) => {
    expect(() => parseInvocation(args, drill)).toThrow(message);
  });
});
