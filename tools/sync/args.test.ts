import { parseArguments } from './args.ts';

/** What is understood, or the exit code and what was complained about. */
function parse(...args: string[]) {
  let said = '';
  const write = (text: string): void => void (said += text);
  const invocation = parseArguments(args, { out: write, err: write });
  return invocation.kind === 'run' ? invocation.command : { code: invocation.code, said };
}

describe('arguments of sync', () => {
  it('reads each command with its defaults', () => {
    expect(parse('status')).toEqual({ kind: 'status' });
    expect(parse('check')).toEqual({ kind: 'check', subgraph: 'templates', id: [], depth: 'CONTENT', wait: true });
    expect(parse('repair', '--projection', 'p', '--id', 'a', '--id', 'b', '--depth', 'revisions', '--no-wait')).toEqual({
      kind: 'repair',
      subgraph: 'templates',
      projection: 'p',
      id: ['a', 'b'],
      depth: 'REVISIONS',
      wait: false,
    });
    expect(parse('rebuild', 'template-graph')).toEqual({
      kind: 'rebuild',
      projection: 'template-graph',
      subgraph: 'templates',
      id: [],
      changedOnly: false,
      wait: true,
    });
    expect(parse('replay', 'c', '--since', '2026-01-31T08:00:00Z')).toMatchObject({
      consumer: 'c',
      since: new Date('2026-01-31T08:00:00Z'),
    });
    expect(parse('dead-letters')).toEqual({ kind: 'letters', first: 20 });
    expect(parse('dead-letters', 'list', '--code', 'X', '--first', '5')).toEqual({ kind: 'letters', first: 5, code: 'X' });
    expect(parse('dead-letters', 'retry', 'x', 'y')).toEqual({ kind: 'retry', ids: ['x', 'y'], all: false });
    expect(parse('dead-letters', 'retry', '--all', '--source', 'p')).toEqual({ kind: 'retry', ids: [], all: true, source: 'p' });
    expect(parse('dead-letters', 'discard', 'x', '--reason', 'gone')).toEqual({ kind: 'discard', ids: ['x'], reason: 'gone' });
  });

  it.each([
    'status',
    'check',
    'repair',
    'rebuild p',
    'replay c',
    'jobs',
    'cancel x',
    'dead-letters',
    'dead-letters list',
    'dead-letters show x',
    'dead-letters retry x',
    'dead-letters discard x --reason y',
  ])('gives the address and the token of "%s" apart', (words) => {
    const invocation = parseArguments([...words.split(' '), '--url', 'http://127.0.0.1:9', '--token', 't', '--json']);
    expect(invocation).toMatchObject({ kind: 'run', common: { url: 'http://127.0.0.1:9', token: 't', json: true } });
  });

  it.each([
    [['check', '--depth', 'deep'], 'Allowed choices are revisions, fingerprints, content'],
    [['dead-letters', 'retry'], 'name letters, or all with --all'],
    [['dead-letters', 'retry', 'x', '--all'], 'name letters, or all with --all'],
    [['dead-letters', 'discard', 'x'], "required option '--reason <text>' not specified"],
    [['replay', 'c', '--since', 'yesterday'], 'expected a time'],
    [['jobs', '--first', '0'], 'expected 1 to 100'],
    [['rebuild'], "missing required argument 'projection'"],
    [['polish'], "unknown command 'polish'"],
  ])('refuses %j', (args, complaint) => {
    expect(parse(...args)).toEqual({ code: 2, said: expect.stringContaining(complaint) });
  });
});
