import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashFile, openSource } from './open-source.ts';
import { detectDelimiter } from './read-csv.ts';

describe('reading files', () => {
  let dir: string;
  beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'loomgraph-seed-'))));
  afterAll(() => rm(dir, { recursive: true }));

  const read = async (name: string, content: string | Uint8Array, path?: string) => {
    const file = join(dir, name);
    await writeFile(file, content);
    const source = await openSource(file, path);
    return { kind: source.kind, rows: await Array.fromAsync(source.rows()) };
  };

  describe('JSON', () => {
    it.each([
      ['an array', '[{"slug":"a"}]', undefined],
      ['the only array of an object', '{"source":"x","templates":[{"slug":"a"}]}', undefined],
      ['the array at a path', '{"a":[1],"data":{"items":[{"slug":"a"}]}}', 'data.items'],
      ['a file with a byte order mark', '\ufeff[{"slug":"a"}]', undefined],
    ])('reads %s', async (_what, text, path) => {
      expect((await read('a.json', text, path)).rows).toEqual([{ row: 1, values: { slug: 'a' } }]);
    });

    it('keeps what is no object as a row that cannot be read', async () => {
      expect((await read('a.json', '[1,{"slug":"a"}]')).rows).toEqual([
        { row: 1, values: {}, problem: 'is not an object' },
        { row: 2, values: { slug: 'a' } },
      ]);
    });

    it.each([
      ['{"a":[],"b":[]}', undefined, /several arrays; name one with --path: a, b/],
      ['{"a":1}', undefined, /no array at its top.*Its keys: a/],
      ['5', undefined, /neither an array nor an object/],
      ['{"a":1}', 'a.b', /--path a\.b: there is no array/],
      ['[1,', undefined, /is not JSON/],
    ])('refuses %s', async (text, path, complaint) => {
      await expect(read('a.json', text, path)).rejects.toThrow(complaint);
    });
  });

  describe('CSV', () => {
    it('reads quotes, line breaks in quotes, doubled quotes, empty lines and CRLF', async () => {
      const { rows } = await read('a.csv', '\ufeffslug, name \r\na,"x, ""y""\nz"\r\n\r\nb,2\r\n');
      expect(rows.map(({ row, values }) => ({ row, values }))).toEqual([
        { row: 1, values: { slug: 'a', name: 'x, "y"\nz' } },
        { row: 2, values: { slug: 'b', name: '2' } },
      ]);
    });

    it.each([
      ['slug,name', ','],
      ['slug;name;"a,b,c,d"\n1,2,3,4', ';'],
      ['slug\tname, first\tlast', '\t'],
      ['slug', ','],
    ])('finds the delimiter of %j', (header, delimiter) => {
      expect(detectDelimiter(header)).toBe(delimiter);
    });

    it('keeps rows of another width as rows that cannot be read', async () => {
      const { rows } = await read('a.csv', 'slug;name\na;A;x\nb\nc;C\n');
      expect(rows.map(({ row, line, problem }) => [row, line, problem])).toEqual([
        [1, 2, 'has 3 cells; the header has 2'],
        [2, 3, 'has 1 cells; the header has 2'],
        [3, 4, undefined],
      ]);
    });

    it('reads UTF-16 with a byte order mark, and refuses what is no UTF-8', async () => {
      const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('slug\n简历\n', 'utf16le')]);
      expect((await read('a.csv', utf16)).rows).toMatchObject([{ values: { slug: '简历' } }]);
      const gbk = Buffer.from([0x73, 0x0a, 0xbc, 0xf2, 0xc0, 0xfa, 0x0a]);
      await expect(read('a.csv', gbk)).rejects.toThrow(/is not UTF-8; save it as UTF-8/);
    });

    it('reads cells that come in several pieces', async () => {
      const long = '字'.repeat(150_000);
      expect((await read('a.csv', `slug,content\na,"${long}"\n`)).rows).toMatchObject([{ values: { content: long } }]);
    });

    it.each([
      ['', /is empty/],
      ['a,a\n', /the column "a" twice/],
      ['a,b\n1,"x"y\n', /not well-formed CSV.*line 2/],
    ])('refuses %j', async (text, complaint) => {
      await expect(read('a.csv', text)).rejects.toThrow(complaint);
    });
  });

  it('tells the kind of other endings by the first character', async () => {
    expect((await read('a.txt', ' [{}]')).kind).toBe('json');
    expect((await read('a.dat', 'slug\na\n')).kind).toBe('csv');
  });

  it('says that there is no such file', async () => {
    await expect(openSource(join(dir, 'none.json'), undefined)).rejects.toThrow(/There is no file/);
  });

  it('hashes contents', async () => {
    await writeFile(join(dir, 'h'), 'abc');
    expect(await hashFile(join(dir, 'h'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });
});
