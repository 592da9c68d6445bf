import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { BatchOutcome } from '../target/target.ts';

const progress = z.object({
  /** Batches that were committed. */
  batches: z.int().positive(),
  counts: z.object({ created: z.int(), updated: z.int(), unchanged: z.int(), categoriesCreated: z.int() }),
});

export interface Progress {
  readonly batches: number;
  readonly counts: BatchOutcome;
}

/** How far a run came: there while it runs and after it was interrupted, gone when it ended. */
export interface ProgressFile {
  read(): Promise<Progress | undefined>;
  write(progress: Progress): Promise<void>;
  remove(): Promise<void>;
}

/** @param options.identity everything that decides what the batches are and where they go: another file, option or target is another run */
export function createProgressFile({ dir, identity }: { dir: string; identity: object }): ProgressFile {
  const name = createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 32);
  const file = join(dir, `${name}.json`);
  return {
    async read() {
      try {
        return progress.parse(JSON.parse(await readFile(file, 'utf8')));
      } catch {
        return undefined; // none, or one that was cut off: imports may be repeated
      }
    },
    async write(state) {
      await mkdir(dir, { recursive: true });
      await writeFile(`${file}.new`, JSON.stringify(state));
      await rename(`${file}.new`, file);
    },
    remove: () => rm(file, { force: true }),
  };
}

/** Where nothing is kept, every run begins at the first row. */
export const noProgressFile: ProgressFile = {
  read: () => Promise.resolve(undefined),
  write: () => Promise.resolve(),
  remove: () => Promise.resolve(),
};
