import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './run.ts';

/** Downloads one wheel of the Python registry, without its dependencies, into the empty `dir`; returns its path. */
export async function downloadWheel(requirement: string, dir: string): Promise<string> {
  await run('python3', ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', '--dest', dir, requirement]);
  const wheel = (await readdir(dir)).find((name) => name.endsWith('.whl'));
  if (!wheel) throw new Error(`pip downloaded no wheel for ${requirement}`);
  return join(dir, wheel);
}
