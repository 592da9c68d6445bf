import { parseArguments } from './args.ts';

const parse = (...args: string[]) => {
  const printed: string[] = [];
  const write = (text: string): void => void printed.push(text);
  return { invocation: parseArguments(args, { out: write, err: write }), printed: printed.join('') };
};

describe('npm run audit', () => {
  it('verifies from the beginning, unless told otherwise', () => {
    expect(parse('verify').invocation).toEqual({ kind: 'run', command: { kind: 'verify', from: 1, json: false } });
    expect(parse('verify', '--from', '7', '--json').invocation).toMatchObject({ command: { from: 7, json: true } });
  });

  it('takes every filter for list and export', () => {
    const filter = ['--actor-id', 'u1', '--outcome', 'denied', '--since', '2026-01-31T08:00:00Z'];
    const expected = { actorId: 'u1', outcome: 'DENIED', since: new Date('2026-01-31T08:00:00Z') };
    expect(parse('list', '--first', '3', ...filter).invocation).toMatchObject({ command: { kind: 'list', first: 3, filter: expected } });
    expect(parse('export', ...filter).invocation).toMatchObject({ command: { kind: 'export', filter: expected } });
  });

  it('complains of what it does not understand', () => {
    for (const args of [
      ['verify', '--from', '0'],
      ['list', '--first', '101'],
      ['list', '--outcome', 'maybe'],
      ['list', '--since', 'then'],
      ['dance'],
      [],
    ])
      expect(parse(...args).invocation).toEqual({ kind: 'exit', code: expect.any(Number) });
    expect(parse('list', '--since', 'then').printed).toContain('2026-01-31T08:00:00Z');
  });
});
