import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLogger, silentLogger } from '@loomgraph/telemetry';
import { OperationRecorder } from './operation-recorder.js';

describe('OperationRecorder', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loom-operations-'));
    path = join(folder, 'operations.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const open = (options: object = {}) => OperationRecorder.open({ path, logger: silentLogger, ...options });
  const lines = async () => (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');

  it('writes each operation once, in one append', async () => {
    const recorder = await open();
    recorder.record('query A { a }', 'A');
    recorder.record('query A { a }', 'A');
    recorder.record('query A { a } query B { b }', 'B');
    recorder.record('{ a }', undefined);
    await recorder.flush();
    expect((await lines()).map((line) => JSON.parse(line) as object)).toEqual([
      { query: 'query A { a }', operationName: 'A' },
      { query: 'query A { a } query B { b }', operationName: 'B' },
      { query: '{ a }' },
    ]);
  });

  it('writes by itself after a while', async () => {
    const recorder = await open({ gatherMs: 1 });
    recorder.record('{ a }', undefined);
    while ((await lines()).length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await lines()).toEqual(['{"query":"{ a }"}']);
  });

  it('knows what an earlier process wrote, and skips what it left half done', async () => {
    await writeFile(path, '{"query":"{ a }"}\n{"query":"{ b');
    await using recorder = await open();
    recorder.record('{ a }', undefined);
    recorder.record('{ c }', undefined);
    await recorder.flush();
    expect((await lines()).slice(1)).toEqual(['{"query":"{ b', '{"query":"{ c }"}']);
  });

  it('stops at its bound', async () => {
    const recorder = await open({ maxOperations: 2 });
    for (const name of ['a', 'b', 'c']) recorder.record(`{ ${name} }`, undefined);
    recorder.record(`{ ${'x'.repeat(300_000)} }`, undefined);
    await recorder.flush();
    expect(await lines()).toEqual(['{"query":"{ a }"}', '{"query":"{ b }"}']);
  });

  it('writes what is gathered when it is closed', async () => {
    {
      await using recorder = await open();
      recorder.record('{ a }', undefined);
    }
    expect(await lines()).toHaveLength(1);
  });

  it('logs once that it cannot write, and goes on', async () => {
    const logger = createMemoryLogger();
    const recorder = await open({ logger });
    await rm(folder, { recursive: true });
    for (const name of ['a', 'b']) {
      recorder.record(`{ ${name} }`, undefined);
      await recorder.flush();
    }
    expect(logger.lines.map(({ message }) => message)).toEqual(['Operations cannot be recorded']);
  });
});
