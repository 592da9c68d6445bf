import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryFiles } from './directory-files.js';

describe('DirectoryFiles', () => {
  it('removes at its start what a process left that was killed while it wrote, and nothing that somebody writes now', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'loomgraph-objects-'));
    try {
      await new DirectoryFiles(dir).prepare();
      const pending = join(dir, 'new');
      for (const name of ['killed.body', 'killed', 'writing.body']) await writeFile(join(pending, name), 'half of a file');
      const twoHoursAgo = new Date(Date.now() - 7_200_000);
      for (const name of ['killed.body', 'killed']) await utimes(join(pending, name), twoHoursAgo, twoHoursAgo);
      await new DirectoryFiles(dir).prepare();
      expect(await readdir(pending)).toEqual(['writing.body']);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });

  it('holds a body beside the others only once it is whole', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'loomgraph-objects-'));
    try {
      const files = new DirectoryFiles(dir);
      await files.prepare();
      const bodies = join(dir, 'bodies');
      const seen: string[][] = [];
      async function* body() {
        yield Buffer.from('one ');
        seen.push(await readdir(bodies));
        yield Buffer.from('two');
      }
      const { bodyId, sizeBytes } = await files.writeBody(body());
      expect([seen, await readdir(bodies), await readdir(join(dir, 'new')), sizeBytes]).toEqual([[[]], [bodyId], [], 7]);
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});
