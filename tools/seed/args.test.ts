import { parseArguments } from './args.ts';

describe('seed arguments', () => {
  const parse = (...args: string[]) => {
    const written: string[] = [];
    const write = { out: (text: string) => void written.push(text), err: (text: string) => void written.push(text) };
    return { invocation: parseArguments(args, '/home/me', write), written: written.join('') };
  };

  it('resolves paths from where the person is and keeps "-" for stdout', () => {
    const { invocation } = parse('data/a.csv', '--mapping', 'm.json', '--set', 'language=en', '--set', 'category=a=b', '--json', '-');
    expect(invocation).toMatchObject({
      kind: 'run',
      options: {
        file: '/home/me/data/a.csv',
        mapping: '/home/me/m.json',
        set: { language: 'en', category: 'a=b' },
        json: '-',
        batch: 100,
        createCategories: true,
        dryRun: false,
      },
    });
  });

  it.each([
    [[], /missing required argument/],
    [['a.csv', '--batch', '101'], /whole number from 1 to 100/],
    [['a.csv', '--set', 'language'], /field=value/],
    [['a.csv', '--unknown'], /unknown option/],
    [['a.csv', 'b.csv'], /too many arguments/],
    [['a.csv', '--in-process', '--url', 'http://x'], /exclude each other/],
  ])('refuses %j with code 2', (args, complaint) => {
    const { invocation, written } = parse(...args);
    expect(invocation).toEqual({ kind: 'exit', code: 2 });
    expect(written).toMatch(complaint);
  });

  it('prints help with code 0', () => {
    const { invocation, written } = parse('--help');
    expect(invocation).toEqual({ kind: 'exit', code: 0 });
    expect(written).toMatch(/mapping file/);
  });
});
