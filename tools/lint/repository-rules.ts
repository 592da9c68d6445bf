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

/**
 * A native statement that changes records goes past the unit of work, and what derives from them never hears of it: `touchWhere` beside it, or
 * instead of it, tells. Where something else does, a comment above that begins with `capture:` says what.
 */
export const recordsAreCaptured: RepositoryRule = ({ files, text }) => {
  const sources = files.filter((path) => /^subgraphs\/[^/]+\/src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'));
  const bySubgraph = Map.groupBy(sources, (path) => path.split('/')[1]);
  return [...bySubgraph.values()].flatMap((paths) => {
    const code = paths.map((path) => text(path) ?? '').join('\n');
    const entities = [...code.matchAll(/defineRecord\('\w+', (\w+)\)/g)].map(([, entity]) => entity);
    if (entities.length === 0) return [];
    const tables = entities.flatMap((entity) => {
      const definition = code.match(new RegExp(`\\b${entity} = defineEntity\\(\\{\\s*name: '\\w+',\\s*tableName: '(\\w+)'`));
      return definition?.[1] ?? [];
    });
    const native = new RegExp(`\\bnative(Insert|Update|Delete)(Many)?\\((${entities.join('|')})\\b`);
    // A table that is named by a variable may be that of a record.
    const raw = new RegExp(
      `\\b(insert into|replace into|update|delete from) \\$\\{[\\w.]*table\\(('(${tables.join('|')})'|\\w+)\\)\\}`,
      'i',
    );
    return paths.flatMap((path) => {
      const lines = (text(path) ?? '').split('\n');
      return lines.flatMap((line, index) => {
        const isExcused = lines.slice(Math.max(0, index - 2), index).some((above) => /\/\/ capture: \w/.test(above));
        return (native.test(line) || raw.test(line)) && !isExcused
          ? [`${path}:${index + 1}: changes records past the unit of work; use touchWhere, or say above who captures it (// capture: …)`]
          : [];
      });
    });
  });
};

export const repositoryRules: readonly RepositoryRule[] = [
  lockfileHasNoAddresses,
  workspacesAreWired,
  nodeVersionsAgree,
  namesNoMachine,
  keepsOutputOut,
  recordsAreCaptured,
];

function lineCount(text: string): number {
  return text.trimEnd().split('\n').length;
}
