import { parseArguments } from './args.ts';

const parse = (...args: string[]) => {
  const printed: string[] = [];
  const write = (text: string): void => void printed.push(text);
  return { invocation: parseArguments(args, { out: write, err: write }), printed: printed.join('') };
};

describe('npm run accounts', () => {
  it('rotates keys', () => {
    expect(parse('rotate-keys').invocation).toEqual({ kind: 'run', command: { json: false } });
    expect(parse('rotate-keys', '--url', 'http://gateway', '--token', 't', '--json').invocation).toEqual({
      kind: 'run',
      command: { url: 'http://gateway', token: 't', json: true },
    });
  });

  it('complains of what it does not understand', () => {
    for (const args of [[], ['rotate'], ['rotate-keys', '--force'], ['rotate-keys', 'now']])
      expect(parse(...args).invocation).toEqual({ kind: 'exit', code: expect.any(Number) });
    expect(parse().printed).toContain('rotate-keys');
    expect(parse('--help').invocation).toEqual({ kind: 'exit', code: 0 });
  });
});
