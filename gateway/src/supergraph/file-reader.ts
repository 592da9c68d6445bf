import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { SupergraphUnreadableError, type SupergraphReader } from './supergraph-reader.js';

/** Long enough for an editor or a copy to finish writing, short enough not to be noticed. */
const SETTLE_MS = 100;

/**
 * A supergraph in a file. Watches its folder, not the file: most programs replace a file by another one, and a mounted ConfigMap is swapped
 * through the link `..data` beside it.
 */
export function createFileReader(path: string): SupergraphReader {
  return {
    place: path,
    async read() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        throw new SupergraphUnreadableError(`Supergraph file ${path} cannot be read: ${reasonOf(error)}.`, {
          mayPass: false,
          cause: error,
        });
      }
    },
    watch(onChange) {
      let timer: NodeJS.Timeout | undefined;
      const watcher = watch(dirname(path), { persistent: false }, (_event, name) => {
        if (name !== null && name !== basename(path) && !name.startsWith('..')) return;
        clearTimeout(timer);
        timer = setTimeout(onChange, SETTLE_MS);
        timer.unref();
      });
      // Out of watches, or the folder is gone: polling remains.
      watcher.on('error', () => watcher.close());
      return {
        [Symbol.dispose]() {
          clearTimeout(timer);
          watcher.close();
        },
      };
    },
  };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'it does not exist';
  if (code === 'EISDIR') return 'it is a folder';
  if (code === 'EACCES') return 'this process may not read it';
  return message;
}
