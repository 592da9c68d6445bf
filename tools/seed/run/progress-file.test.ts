import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProgressFile } from './progress-file.ts';

describe('the progress file', () => {
  let dir: string;
  beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'loomgraph-progress-'))));
  afterEach(() => rm(dir, { recursive: true }));
  const state = { batches: 2, counts: { created: 1, updated: 0, unchanged: 0, categoriesCreated: 0 } };

  it('is there for the same run only, and until it is removed', async () => {
    const file = createProgressFile({ dir: join(dir, 'seed'), identity: { content: 'a', batch: 1 } });
    expect(await file.read()).toBeUndefined();
    await file.write(state);
    expect(await createProgressFile({ dir: join(dir, 'seed'), identity: { content: 'a', batch: 1 } }).read()).toEqual(state);
    expect(await createProgressFile({ dir: join(dir, 'seed'), identity: { content: 'a', batch: 2 } }).read()).toBeUndefined();
    await file.remove();
    expect(await file.read()).toBeUndefined();
    await file.remove();
  });

  it('counts as none when it cannot be read', async () => {
    const file = createProgressFile({ dir, identity: {} });
    await file.write(state);
    const [name = ''] = await readdir(dir);
    await writeFile(join(dir, name), '{"batches":0');
    expect(await file.read()).toBeUndefined();
  });
});
