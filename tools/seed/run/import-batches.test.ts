import type { GoodRow } from '../rows/check-rows.ts';
import { BatchRefused, type BatchOutcome, type Target } from '../target/target.ts';
import { importBatches, type ImportRun } from './import-batches.ts';
import type { Progress, ProgressFile } from './progress-file.ts';

const row = (number: number): GoodRow => ({ row: number, template: { slug: `s${number}`, name: 'N', category: 'c' } });
const batches = [[row(1), row(2)], [row(3), row(5)], [row(6)]];

/** A server that knows slugs, and may refuse one. */
function createTarget({ refuse, onSend = () => undefined }: { refuse?: string; onSend?: (sent: number) => void } = {}) {
  const known = new Set<string>();
  const sent: string[][] = [];
  const target: Target = {
    name: 'test',
    send(rows): Promise<BatchOutcome> {
      const index = rows.findIndex(({ slug }) => slug === refuse);
      if (index >= 0) return Promise.reject(new BatchRefused('BAD_USER_INPUT', 'no', { rows: [{ index, problems: ['too long'] }] }));
      const created = rows.filter(({ slug }) => !known.has(slug)).length;
      for (const { slug } of rows) known.add(slug);
      sent.push(rows.map(({ slug }) => slug));
      onSend(sent.length);
      return Promise.resolve({ created, updated: 0, unchanged: rows.length - created, categoriesCreated: 0 });
    },
    settle: () => Promise.resolve(true),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  return { target, sent, known };
}

function createProgress(): ProgressFile & { state: Progress | undefined } {
  const progress = {
    state: undefined as Progress | undefined,
    read: () => Promise.resolve(progress.state),
    write: (state: Progress) => Promise.resolve(void (progress.state = state)),
    remove: () => Promise.resolve(void (progress.state = undefined)),
  };
  return progress;
}

const run = (target: Target, progress: ProgressFile, rest: Partial<ImportRun> = {}) =>
  importBatches({
    batches: async function* () {
      yield* batches;
    },
    target,
    createCategories: true,
    progress,
    restart: false,
    signal: new AbortController().signal,
    onBatch: () => undefined,
    ...rest,
  });

describe('importing batches', () => {
  it('adds up and leaves no progress behind', async () => {
    const { target } = createTarget();
    const progress = createProgress();
    expect(await run(target, progress)).toEqual({
      counts: { created: 5, updated: 0, unchanged: 0, categoriesCreated: 0 },
      resumedRows: 0,
      interrupted: false,
    });
    expect(progress.state).toBeUndefined();
  });

  it('stops between batches when interrupted, and goes on behind the last one', async () => {
    const interruption = new AbortController();
    const { target, sent } = createTarget({ onSend: (count) => count === 2 && interruption.abort() });
    const progress = createProgress();
    const first = await run(target, progress, { signal: interruption.signal });
    expect(first).toMatchObject({ interrupted: true, counts: { created: 4 } });
    expect(progress.state?.batches).toBe(2);

    const second = await run(target, progress);
    expect(second).toMatchObject({ interrupted: false, resumedRows: 4, counts: { created: 5, unchanged: 0 } });
    // Batch 2 twice: the second time to see that the target still has it.
    expect(sent).toEqual([['s1', 's2'], ['s3', 's5'], ['s3', 's5'], ['s6']]);
  });

  it('begins anew when the target does not have what was written, counting each row once', async () => {
    const { target, sent } = createTarget();
    const progress = createProgress();
    progress.state = { batches: 2, counts: { created: 4, updated: 0, unchanged: 0, categoriesCreated: 1 } };
    expect(await run(target, progress)).toMatchObject({ resumedRows: 0, counts: { created: 5, unchanged: 0 } });
    expect(sent).toEqual([['s3', 's5'], ['s1', 's2'], ['s6']]);
  });

  it('begins anew with restart', async () => {
    const { target, sent } = createTarget();
    const progress = createProgress();
    progress.state = { batches: 3, counts: { created: 5, updated: 0, unchanged: 0, categoriesCreated: 1 } };
    await run(target, progress, { restart: true });
    expect(sent).toHaveLength(3);
  });

  it('stops at a batch that is refused, names its rows, and keeps what was done', async () => {
    const { target, known } = createTarget({ refuse: 's5' });
    const progress = createProgress();
    expect(await run(target, progress)).toEqual({
      counts: { created: 2, updated: 0, unchanged: 0, categoriesCreated: 0 },
      resumedRows: 0,
      interrupted: false,
      failure: { code: 'BAD_USER_INPUT', message: 'row 5 (s5): too long', rows: [3, 5] },
    });
    expect([...known]).toEqual(['s1', 's2']);
    expect(progress.state?.batches).toBe(1);
  });
});
