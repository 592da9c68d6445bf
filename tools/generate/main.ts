/** `npm run generate`: writes every generated file; with `--check`, names those that are not what it would write. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from '../run/build/ensure-built.ts';
import { LaunchFailure } from '../run/launch/failure.mjs';
import { ROOT } from '../run/launch/paths.mjs';
import { runProgram } from '../run/run-program.ts';
import type { Artifact } from './artifacts.ts';
import { firstDifference } from './first-difference.ts';
import { generateOperations } from './operations.ts';

await runProgram(async () => {
  const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
  await ensureBuilt();
  // Loaded once the packages it imports are built.
  const { renderArtifacts } = await import('./artifacts.ts');
  const settle = values.check ? compare : write;
  const stale = await settle(await renderArtifacts());
  // Reads the schema just written; a check with a stale one has failed already.
  stale.push(...(await settle(await generateOperations(ROOT))));
  if (values.check && stale.length > 0)
    throw new LaunchFailure(`${stale.join('\n')}\n\nNot what the code says: run \`npm run generate\` and commit.`);
  process.stdout.write(stale.length === 0 ? 'Generated files are current.\n' : `${stale.join('\n')}\n`);
});

/** Writes what differs; answers the paths written. */
async function write(artifacts: readonly Artifact[]): Promise<string[]> {
  const written: string[] = [];
  for (const { path, content } of artifacts) {
    const file = join(ROOT, path);
    if ((await readText(file)) === content) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    written.push(`written: ${path}`);
  }
  return written;
}

/** Answers a line for each file that is absent or differs. */
async function compare(artifacts: readonly Artifact[]): Promise<string[]> {
  const stale: string[] = [];
  for (const { path, content } of artifacts) {
    const committed = await readText(join(ROOT, path));
    if (committed === undefined) stale.push(`${path}: is missing`);
    else if (committed !== content) stale.push(`${path}:${firstDifference(committed, content)}`);
  }
  return stale;
}

function readText(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
