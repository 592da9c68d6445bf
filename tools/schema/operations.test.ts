import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { print } from 'graphql';
import { readOperations } from './operations.ts';

describe('readOperations', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loom-operations-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('reads a folder; fragments may stand in other files', async () => {
    await mkdir(join(folder, 'deep'));
    await writeFile(join(folder, 'fragments.graphql'), 'fragment F on T { a ...G } fragment G on T { b } fragment Unused on T { c }');
    await writeFile(join(folder, 'deep/one.graphql'), 'query One { t { ...F } } mutation Two { m }');
    await writeFile(join(folder, 'unnamed.gql'), '{ x }');
    const operations = await readOperations(folder);
    expect(operations.map(({ name }) => name)).toEqual(['One', 'Two', 'unnamed.gql']);
    expect(print(operations[0]!.document)).toMatch(/query One[^]*fragment F[^]*fragment G/);
    expect(print(operations[0]!.document)).not.toContain('Unused');
    expect(print(operations[1]!.document)).not.toContain('fragment');
  });

  it('reads JSON lines; the same operation counts once', async () => {
    const file = join(folder, 'operations.jsonl');
    const lines = [
      { query: 'query A { a } query B { b }', operationName: 'B' },
      { query: '{ x }' },
      { query: '{ x }', count: 4 },
      { query: 'query C { c }', operationName: null },
    ];
    await writeFile(file, `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    const operations = await readOperations(file);
    expect(operations.map(({ name, count }) => [name, count])).toEqual([
      ['B', 1],
      ['line 2', 5],
      ['C', 1],
    ]);
    expect(print(operations[0]!.document)).toBe('query B {\n  b\n}');
  });

  it.each([
    ['{"query":"{ a }"}\nnonsense', ':2: is no JSON object with "query"'],
    ['{"query":"{ a "}', ':1:1:5: Syntax Error: Expected Name, found <EOF>.'],
    ['{"query":"query A { a }","operationName":"B"}', ':1: the query has no operation "B"'],
    ['\n', ': holds no operation'],
  ])('says where %j is wrong', async (text, message) => {
    const file = join(folder, 'operations.jsonl');
    await writeFile(file, text);
    await expect(readOperations(file)).rejects.toThrow(`${file}${message}`);
  });

  it('says that there is nothing', async () => {
    await expect(readOperations(join(folder, 'none'))).rejects.toThrow('there is no such file or folder of operations');
  });
});
