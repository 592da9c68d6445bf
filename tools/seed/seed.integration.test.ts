import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signDevelopmentToken } from '@loomgraph/auth';
import { loadConfig } from '@loomgraph/config';
import { jest } from '@jest/globals';
import { openGateway, type RunningGateway } from '@loomgraph/gateway';
import { processConfig } from '@loomgraph/gateway/process';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import type { SeedOptions } from './args.ts';
import type { Reject } from './rows/check-rows.ts';
import type { SeedOutcome } from './run/outcome.ts';
import { runSeed } from './run/run-seed.ts';

// Each test moves hundreds of rows through five stores.
jest.setTimeout(90_000);

const JWT_SECRET = 'a-secret-of-the-tests-with-more-than-32-bytes';
const SEEDS = join(import.meta.dirname, '../../subgraphs/templates/seeds');
const themes = { file: join(SEEDS, 'resume-templates.json'), mapping: join(SEEDS, 'resume-templates.mapping.json') };

describe('npm run seed against a gateway', () => {
  let running: RunningGateway;
  let url: string;
  let dir: string;
  const rejects: Reject[] = [];
  const notes: string[] = [];

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'loomgraph-seed-'));
    const config = loadConfig(processConfig, { LOOM_DATA_DIR: 'memory://', JWT_SECRET });
    running = await openGateway({ config, logger: silentLogger, metrics: createMetrics() });
    url = await running.gateway.listen({ host: '127.0.0.1', port: 0 });
  }, 60_000);
  afterAll(async () => {
    await running?.close();
    await rm(dir, { recursive: true });
  });
  beforeEach(async () => {
    rejects.length = 0;
    notes.length = 0;
    await removeAll();
  });

  const list = (limit: number) =>
    running.subgraphs.templates?.reader.listTemplates({}, { field: 'name', direction: 'asc' }, { limit, direction: 'forward', from: null });
  const count = async (): Promise<number> => (await (await list(1))?.totalCount()) ?? -1;
  const removeAll = async (): Promise<void> => {
    for (const { id } of (await list(100))?.items ?? [])
      await running.subgraphs.templates?.templates.remove(id, { userId: 'u', isAdmin: true });
  };

  const seed = (
    options: Partial<SeedOptions> & { file: string },
    context: { signal?: AbortSignal; onProgress?: (rows: number) => void } = {},
  ): Promise<SeedOutcome> =>
    runSeed(
      {
        mapping: undefined,
        set: {},
        path: undefined,
        batch: 100,
        url,
        token: undefined,
        inProcess: false,
        createCategories: true,
        dryRun: false,
        restart: false,
        allowRejects: false,
        json: undefined,
        ...options,
      },
      {
        env: { LOOM_DATA_DIR: dir, JWT_SECRET },
        signal: context.signal ?? new AbortController().signal,
        report: {
          note: (text) => notes.push(text),
          reject: (reject) => rejects.push(reject),
          progress: ({ rows }) => context.onProgress?.(rows),
          summary: () => undefined,
        },
      },
    );

  it('finds the rows of the demo unchanged: it loads what the seed files and their mapping say', async () => {
    expect(await running.subgraphs.templates?.loadDemo()).toBe(77);
    expect(await seed(themes)).toMatchObject({ unchanged: 65, updated: 0, created: 0 });
    expect(await seed({ file: join(SEEDS, 'demo-templates.json') })).toMatchObject({
      unchanged: 12,
      updated: 0,
      created: 0,
      rejected: 0,
      ignoredColumns: [],
    });
  }, 60_000);

  it('loads the 65 themes with their mapping, and changes nothing the second time', async () => {
    expect(await seed(themes)).toMatchObject({ rows: 65, created: 65, updated: 0, unchanged: 0, rejected: 0, ignoredColumns: ['author'] });
    expect(notes).toContain('ignored columns: author');
    expect(await seed({ ...themes, batch: 10 })).toMatchObject({ rows: 65, created: 0, updated: 0, unchanged: 65 });
    expect(await seed({ ...themes, set: { language: 'en-GB' } })).toMatchObject({ updated: 65, unchanged: 0 });
    expect(await count()).toBe(65);
  });

  it('goes on after its last batch when it was interrupted', async () => {
    const interruption = new AbortController();
    const first = await seed(
      { ...themes, batch: 20 },
      { signal: interruption.signal, onProgress: (rows) => rows >= 40 && interruption.abort() },
    );
    expect(first).toMatchObject({ interrupted: true, created: 40 });
    expect(await count()).toBe(40);
    expect(await readdir(join(dir, 'seed'))).toHaveLength(1);

    const second = await seed({ ...themes, batch: 20 });
    expect(second).toMatchObject({ interrupted: false, resumedRows: 40, rows: 65, created: 65, unchanged: 0 });
    expect(await count()).toBe(65);
    expect(await readdir(join(dir, 'seed'))).toHaveLength(0);
  });

  it('begins anew when the interrupted run wrote to stores that are empty by now', async () => {
    const interruption = new AbortController();
    await seed({ ...themes, batch: 30 }, { signal: interruption.signal, onProgress: (rows) => rows >= 60 && interruption.abort() });
    await removeAll();
    expect(await seed({ ...themes, batch: 30 })).toMatchObject({ resumedRows: 0, created: 65 });
  });

  it('reports rows that do not fit and loads the others', async () => {
    const file = join(dir, 'mixed.csv');
    await writeFile(
      file,
      '\ufeffslug;name;category;tags;difficulty;remark\na;"A; quoted";c;x, y;3;-\nB b;B;c;;;-\nc;C;c;;hard;-\na;Again;c;;;-\nd;D\ne;E;c;;5;-\n',
    );
    const outcome = await seed({ file });
    expect(outcome).toMatchObject({ rows: 6, created: 2, rejected: 4, ignoredColumns: ['remark'] });
    expect(rejects).toEqual([
      { row: 2, line: 3, key: 'B b', problems: ['slug takes lower-case letters, digits and single hyphens'] },
      { row: 3, line: 4, key: 'c', problems: ['difficulty: "hard" is not a number'] },
      { row: 4, line: 5, key: 'a', problems: ['slug is that of row 1, too'] },
      { row: 5, line: 6, key: 'd', problems: ['has 2 cells; the header has 6'] },
    ]);
    expect(await count()).toBe(2);
  });

  it('writes nothing in a dry run', async () => {
    expect(await seed({ ...themes, dryRun: true, url: 'http://127.0.0.1:1' })).toMatchObject({ rows: 65, created: 0, rejected: 0 });
    expect(await count()).toBe(0);
  });

  it('stops at a batch that the server refuses, and says what was done', async () => {
    const file = join(dir, 'two-categories.json');
    await seed({ file: join(SEEDS, 'demo-templates.json') });
    await writeFile(
      file,
      JSON.stringify([
        { slug: 'n1', name: 'N', category: 'resume-tech' },
        { slug: 'n2', name: 'N', category: 'no-such' },
        { slug: 'n3', name: 'N', category: 'resume-tech' },
      ]),
    );
    expect(await seed({ file, batch: 1, createCategories: false })).toMatchObject({
      created: 1,
      failure: { code: 'NOT_FOUND', message: 'row 2 (n2): there is no category "no-such", and createCategories is false', rows: [2, 2] },
    });
  });

  it('reports a token that is not an administrator’s with the code of the server', async () => {
    const token = await signDevelopmentToken({ secret: JWT_SECRET, userId: '1', roles: ['editor'] });
    expect(await seed({ ...themes, token })).toMatchObject({ created: 0, failure: { code: 'FORBIDDEN', rows: [1, 65] } });
  });

  it('says so when a gateway that was named does not answer', async () => {
    await expect(seed({ ...themes, url: 'http://127.0.0.1:1/graphql' })).rejects.toThrow(
      'No gateway answers at http://127.0.0.1:1/health/live.',
    );
  });

  it('ends with a failure, not a stack, when the file turns unreadable', async () => {
    const file = join(dir, 'broken.csv');
    await writeFile(file, 'slug,name,category\nq1,A,c\nq2,"B"x,c\n');
    expect(await seed({ file, batch: 1 })).toMatchObject({
      failure: { code: 'FILE_UNREADABLE', message: expect.stringMatching(/line 3/) },
    });
  });
});

describe('npm run seed without a gateway', () => {
  it('opens the stores of the installation, loads, and leaves them closed and searchable', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'loomgraph-seed-'));
    try {
      const env = { LOOM_DATA_DIR: dir };
      const options = {
        ...themes,
        set: {},
        path: undefined,
        batch: 100,
        url: undefined,
        token: undefined,
        inProcess: true,
        createCategories: true,
        dryRun: false,
        restart: false,
        allowRejects: false,
        json: join(dir, 'out.json'),
      };
      const report = { note: () => undefined, reject: () => undefined, progress: () => undefined, summary: () => undefined };
      expect(await runSeed(options, { env, report, signal: new AbortController().signal })).toMatchObject({ created: 65 });
      await using running = await openGateway({ config: loadConfig(processConfig, env), logger: silentLogger, metrics: createMetrics() });
      const statuses = await running.subgraphs.templates?.relay.status();
      expect(statuses?.length).toBeGreaterThan(0);
      expect(await running.subgraphs.templates?.relay.whenQuiet(0)).toBe(true);
      expect(await running.subgraphs.templates?.loadDemo()).toBe(0);
    } finally {
      await rm(dir, { recursive: true });
    }
  }, 90_000);
});
