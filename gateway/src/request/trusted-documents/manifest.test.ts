import { ManifestError, parseManifest, sha256 } from './manifest.js';

const TEXT = 'query A { a }';
const apollo = (operations: unknown, rest: object = {}): string =>
  JSON.stringify({ format: 'apollo-persisted-query-manifest', version: 1, operations, ...rest });

describe('parseManifest', () => {
  it.each([
    ["Apollo's", apollo([{ id: 'one', name: 'A', type: 'query', body: TEXT }])],
    ["Relay's, and any texts by id", JSON.stringify({ one: TEXT })],
  ])('reads %s: by id, and by hash in both forms', (_title, json) => {
    const { byId, texts } = parseManifest(json);
    expect([...byId]).toEqual([
      ['one', TEXT],
      [sha256(TEXT), TEXT],
      [`sha256:${sha256(TEXT)}`, TEXT],
    ]);
    expect([...texts]).toEqual([TEXT]);
  });

  it('takes ids that are hashes, and one document under several ids', () => {
    expect(parseManifest(JSON.stringify({ [sha256(TEXT)]: TEXT, other: TEXT })).byId.size).toBe(3);
  });

  it('hashes as the GraphQL over HTTP draft does', () => {
    const pretty = 'query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}';
    const id = 'sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e';
    expect(parseManifest(JSON.stringify({ a: pretty })).byId.get(id)).toBe(pretty);
  });

  it.each([
    ['no JSON', '{', 'It is no JSON'],
    ['a list', '[]', 'must be a JSON object'],
    ['null', 'null', 'must be a JSON object'],
    ['another format', apollo([], { format: 'other' }), 'Its format must be'],
    ['another version', apollo([], { version: 2 }), 'version 1'],
    ['no operations', apollo(undefined), 'no list of "operations"'],
    ['an operation without an id', apollo([{ body: TEXT }]), 'no "id"'],
    ['an operation without a text', apollo([{ id: 'a' }]), 'The document "a" has no text'],
    ['a text that is empty', '{"a":" "}', 'The document "a" has no text'],
    ['an empty id', '{"":"{ a }"}', 'empty id'],
    [
      'two texts under one id',
      apollo([
        { id: 'a', body: '{ a }' },
        { id: 'a', body: '{ b }' },
      ]),
      'Two documents have the id "a"',
    ],
    ["another document under a document's hash", JSON.stringify({ [sha256(TEXT)]: '{ other }', b: TEXT }), 'Two documents have the id'],
  ])('refuses %s', (_title, json, reason) => {
    expect(() => parseManifest(json)).toThrow(ManifestError);
    expect(() => parseManifest(json)).toThrow(reason);
  });
});
