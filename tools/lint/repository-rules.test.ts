import type { Repository } from './repository.ts';
import {
  keepsOutputOut,
  lockfileHasNoAddresses,
  namesNoMachine,
  nodeVersionsAgree,
  recordsAreCaptured,
  workspacesAreWired,
} from './repository-rules.ts';

function repository(texts: Readonly<Record<string, string>>, workspaces: readonly string[] = []): Repository {
  return { files: Object.keys(texts), workspaces, text: (path) => texts[path] };
}

describe('rules of the repository', () => {
  it('counts download addresses in the lockfile', () => {
    expect(lockfileHasNoAddresses(repository({ 'package-lock.json': '{"version": "1"}' }))).toEqual([]);
    expect(lockfileHasNoAddresses(repository({ 'package-lock.json': '{"resolved": "https://x/y.tgz"}' }))[0]).toContain(
      '1 download addresses',
    );
  });

  it('asks for references to and a short README of every workspace', () => {
    const references = '{ "references": [{ "path": "shared/core" }] }';
    const wired = { 'tsconfig.json': references, 'tsconfig.tests.json': references, 'shared/core/README.md': '# core\n' };
    expect(workspacesAreWired(repository(wired, ['shared/core']))).toEqual([]);
    expect(workspacesAreWired(repository(wired, ['shared/ai']))).toHaveLength(3);
    expect(workspacesAreWired(repository({ ...wired, 'shared/core/README.md': 'line\n'.repeat(16) }, ['shared/core']))).toEqual([
      'shared/core/README.md: 16 lines; 15 are enough',
    ]);
  });

  it('compares the versions of Node', () => {
    const files = {
      'package.json': '{"devDependencies":{"node":"24.1.0"}}',
      '.nvmrc': '24.1.0\n',
      Dockerfile: 'ARG NODE_VERSION=24.0.0\n',
    };
    expect(nodeVersionsAgree(repository(files))).toEqual(['Dockerfile: names Node 24.0.0; package.json pins 24.1.0']);
  });

  it('finds folders of a machine, except in tests', () => {
    const line = ['see /', 'root', '/x/y.ts'].join('');
    expect(namesNoMachine(repository({ 'docs/a.md': `ok\n${line}`, 'a.test.ts': line, 'b.md': 'a closed `/root`' }))).toEqual([
      'docs/a.md:2: names a path of one machine',
    ]);
  });

  it('finds output among the sources', () => {
    expect(keepsOutputOut(repository({ 'shared/core/dist/a.js': '', 'shared/core/src/distance.ts': '' }))).toEqual([
      'shared/core/dist/a.js: is output, not a source',
    ]);
  });

  it('finds statements that change records past the unit of work', () => {
    const entities = `export const NoteEntity = defineEntity({
  name: 'NoteEntity',
  tableName: 'note',
});
export const TagEntity = defineEntity({ name: 'TagEntity', tableName: 'tag' });
export const noteRecord = defineRecord('Note', NoteEntity);`;
    const writer = [
      'await em.nativeDelete(TagEntity, { id });',
      'await em.nativeUpdate(NoteEntity, { id }, { text });',
      "await em.execute(`delete from ${store.table('tag')}`);",
      "await em.execute(`update ${store.table('note')} set text = ?`);",
      'await em.execute(`insert into ${store.table(table)} values (1)`);',
      '// capture: its entity is changed right after.',
      "await em.execute(`insert into ${store.table('note')} values (1)`);",
      "await em.execute(`select 1 from ${store.table('note')} for update`);",
    ].join('\n');
    const files = { 'subgraphs/a/src/entities.ts': entities, 'subgraphs/a/src/writer.ts': writer, 'subgraphs/b/src/writer.ts': writer };
    expect(recordsAreCaptured(repository(files)).map((problem) => problem.split(': ')[0])).toEqual([
      'subgraphs/a/src/writer.ts:2',
      'subgraphs/a/src/writer.ts:4',
      'subgraphs/a/src/writer.ts:5',
    ]);
  });
});
