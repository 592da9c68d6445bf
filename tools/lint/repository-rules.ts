/** Rules over the whole repository; each answers a line for every problem. */
import type { Repository } from './repository.ts';

export type RepositoryRule = (repository: Repository) => readonly string[];

const LONGEST_README = 15;
/** Folders of one machine. Their words are put together here, so that this file does not name them itself. */
const MACHINE_PATH = new RegExp(`(^|[^\\w./-])/(${['work', 'root', 'Users'].join('|')})/[\\w.-]+`);

/** The lockfile must install from whatever registry a machine is set to. */
export const lockfileHasNoAddresses: RepositoryRule = ({ text }) => {
  const count = text('package-lock.json')?.match(/"resolved": "https?:/g)?.length ?? 0;
  return count === 0 ? [] : [`package-lock.json: ${count} download addresses; keep .npmrc when installing, and install again`];
};

/** A workspace is built, its tests are type-checked, and its README says in a few lines what it is for. */
export const workspacesAreWired: RepositoryRule = ({ workspaces, text }) =>
  workspaces.flatMap((folder) => {
    const problems = ['tsconfig.json', 'tsconfig.tests.json']
      .filter((path) => !text(path)?.includes(`"${folder}"`))
      .map((path) => `${path}: has no reference to ${folder}`);
    const readme = text(`${folder}/README.md`);
    if (readme === undefined) problems.push(`${folder}: has no README.md`);
    else if (lineCount(readme) > LONGEST_README)
      problems.push(`${folder}/README.md: ${lineCount(readme)} lines; ${LONGEST_README} are enough`);
    return problems;
  });

/** One version of Node in all places that name one. */
export const nodeVersionsAgree: RepositoryRule = ({ text }) => {
  const { devDependencies = {} } = JSON.parse(text('package.json') ?? '{}') as { devDependencies?: Record<string, string> };
  const pinned = devDependencies['node'] ?? '';
  const named = { '.nvmrc': text('.nvmrc')?.trim(), Dockerfile: text('Dockerfile')?.match(/^ARG NODE_VERSION=(\S+)/m)?.[1] };
  return Object.entries(named)
    .filter(([, version]) => version !== pinned)
    .map(([path, version]) => `${path}: names Node ${version}; package.json pins ${pinned}`);
};

/** Nothing names a folder of somebody's machine; tests may, as samples. */
export const namesNoMachine: RepositoryRule = ({ files, text }) =>
  files
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) => {
      const lines = (text(path) ?? '').split('\n');
      return lines.flatMap((line, index) => (MACHINE_PATH.test(line) ? [`${path}:${index + 1}: names a path of one machine`] : []));
    });

/** What git keeps out of the repository must not have been added anyway. */
export const keepsOutputOut: RepositoryRule = ({ files }) =>
  files.filter((path) => /(^|\/)(dist|node_modules|coverage)\//.test(path)).map((path) => `${path}: is output, not a source`);

export const repositoryRules: readonly RepositoryRule[] = [
  lockfileHasNoAddresses,
  workspacesAreWired,
  nodeVersionsAgree,
  namesNoMachine,
  keepsOutputOut,
];

function lineCount(text: string): number {
  return text.trimEnd().split('\n').length;
}
