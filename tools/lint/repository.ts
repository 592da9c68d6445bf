/** What the repository's own rules look at. */
import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Repository {
  /** Committed and new files that git does not ignore, as paths from the root. */
  readonly files: readonly string[];
  /** Folders of the workspaces. */
  readonly workspaces: readonly string[];
  /** Text of a file; `undefined` when there is none, or when it is not text. */
  readonly text: (path: string) => string | undefined;
}

const TEXT =
  /\.(ts|mjs|js|json|jsonc|md|ya?ml|graphql|tpl|txt|sh)$|(^|\/)(Dockerfile|\.[a-z]+rc|\.dockerignore|\.editorconfig|run|LICENSE)$/;

export async function readRepository(root: string): Promise<Repository> {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { cwd: root, encoding: 'utf8' });
  const files = [...new Set(listed.split('\0').filter((path) => path !== ''))];
  const texts = new Map<string, string>();
  await Promise.all(
    files
      .filter((path) => TEXT.test(path))
      .map(async (path) => {
        const text = await readFile(join(root, path), 'utf8').catch(() => undefined); // deleted, and not committed yet
        if (text !== undefined) texts.set(path, text);
      }),
  );
  const { workspaces } = JSON.parse(texts.get('package.json') ?? '{}') as { workspaces?: readonly string[] };
  const manifests = globSync(
    (workspaces ?? []).map((pattern) => `${pattern}/package.json`),
    { cwd: root },
  );
  return {
    files,
    workspaces: manifests.map((path) => path.replace(/\/package\.json$/, '')).sort(),
    text: (path) => texts.get(path),
  };
}
