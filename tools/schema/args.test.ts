import { parseArguments } from './args.ts';

const read = (...args: readonly string[]) => {
  let printed = '';
  const print = (text: string): void => void (printed += text);
  return { invocation: parseArguments(args, { out: print, err: print }), printed: () => printed };
};

describe('parseArguments', () => {
  it('checks the code against the served schema', () => {
    expect(read('check').invocation).toEqual({
      kind: 'check',
      options: {
        schema: undefined,
        against: 'gateway/api.graphql',
        operations: undefined,
        headers: {},
        json: undefined,
        failOnDangerous: false,
      },
    });
  });

  it('writes a manifest of operations', () => {
    expect(read('manifest', '--operations', 'o').invocation).toEqual({
      kind: 'manifest',
      options: { operations: 'o', out: undefined, format: 'apollo' },
    });
    expect(read('manifest', '--operations', 'o', '--out', 'm.json', '--format', 'texts').invocation).toEqual({
      kind: 'manifest',
      options: { operations: 'o', out: 'm.json', format: 'texts' },
    });
    expect(read('manifest').invocation).toEqual({ kind: 'exit', code: 2 });
    expect(read('manifest', '--operations', 'o', '--format', 'other').invocation).toEqual({ kind: 'exit', code: 2 });
  });

  it('reads every option', () => {
    const args = [
      '--schema',
      'a',
      '--against',
      'git:main',
      '--operations',
      'o',
      '--header',
      'X-A: b:c',
      '--json',
      'j',
      '--fail-on-dangerous',
    ];
    expect(read('check', ...args).invocation).toEqual({
      kind: 'check',
      options: { schema: 'a', against: 'git:main', operations: 'o', headers: { 'x-a': 'b:c' }, json: 'j', failOnDangerous: true },
    });
  });

  it.each([
    [['--help'], 0],
    [['check', '--help'], 0],
    [[], 2],
    [['check', '--what'], 2],
    [['chekc'], 2],
  ])('%j exits %i', (args, code) => {
    const { invocation, printed } = read(...args);
    expect(invocation).toEqual({ kind: 'exit', code });
    expect(printed()).not.toBe('');
  });
});
