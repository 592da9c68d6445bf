import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SupergraphVersion } from '../src/supergraph/port.js';
import { openLoaded, supergraphWith } from './support/open-loaded.js';
import { createProducts } from './support/sample-subgraphs.js';

describe('a supergraph from a file', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loom-supergraph-'));
    path = join(folder, 'supergraph.graphql');
  });
  afterEach(() => rm(folder, { recursive: true }));
  const location = () => ({ kind: 'file' as const, path });

  it('serves it, with the routing URLs written in it', async () => {
    await writeFile(path, supergraphWith(['a', 'b']));
    await using opened = await openLoaded({ location: location() });
    const { sources } = opened.supergraph.current();
    expect(opened.fields()).toEqual(['a', 'b']);
    expect([...sources]).toEqual([['products', { kind: 'remote', name: 'products', url: 'http://products.test/graphql' }]]);
  });

  it.each([
    ['written', (sdl: string) => writeFile(path, sdl)],
    ['replaced by another', async (sdl: string) => (await writeFile(`${path}.new`, sdl), rename(`${path}.new`, path))],
  ])('is noticed when it is %s', async (_how, change) => {
    await writeFile(path, supergraphWith(['a']));
    await using opened = await openLoaded({ location: location() });
    const taken = new Promise<SupergraphVersion>((resolve) => opened.supergraph.subscribe(resolve));
    await change(supergraphWith(['a', 'added']));
    expect((await taken).supergraphSdl).toContain('added');
  });

  it('keeps the last good one while it is broken, says where, and recovers without a new version', async () => {
    const good = supergraphWith(['a']);
    await writeFile(path, good);
    await using opened = await openLoaded({ location: location() });
    let versions = 0;
    opened.supergraph.subscribe(() => void versions++);

    await writeFile(path, good.replace('a: String', 'a: Missing'));
    await opened.supergraph.refresh();
    const line = good.split('\n').findIndex((text) => text.includes('a: String')) + 1;
    expect(opened.supergraph.status()).toMatchObject({
      state: 'stale',
      problems: [{ text: `INVALID_SUPERGRAPH: Unknown type "Missing". (${path} ${line}:6)` }],
    });
    expect(opened.logger.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { problems: [expect.stringContaining(`${path} ${line}:6`)] } },
    ]);
    expect(opened.fields()).toEqual(['a']);
    expect((await opened.supergraph.refresh()).kind).toBe('failed');
    expect(opened.logger.lines.filter(({ level }) => level === 'error')).toHaveLength(1);

    await writeFile(path, good);
    expect(await opened.supergraph.refresh()).toEqual({ kind: 'unchanged' });
    expect([opened.supergraph.status().state, versions]).toEqual(['current', 0]);
  });

  it('keeps serving when it is deleted, and logs that once', async () => {
    await writeFile(path, supergraphWith(['a']));
    await using opened = await openLoaded({ location: location() });
    await rm(path);
    await opened.supergraph.refresh();
    expect(await opened.supergraph.refresh()).toEqual({ kind: 'unchanged' });
    expect(opened.logger.lines.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { reason: `Supergraph file ${path} cannot be read: it does not exist.` } },
    ]);
    await writeFile(path, supergraphWith(['a', 'b']));
    await opened.supergraph.refresh();
    expect(opened.logger.lines.map(({ message }) => message)).toContain('The supergraph can be read again');
    expect(opened.fields()).toEqual(['a', 'b']);
  });

  it.each([
    ['is not there', undefined, 'cannot be read: it does not exist.'],
    [
      'is broken',
      'type Query {',
      /^The supergraph cannot be served: INVALID_GRAPHQL: Syntax Error: Expected Name, found <EOF>\. \(.*graphql 1:13\)$/,
    ],
    ['names no address', supergraphWith(['a'], ''), 'subgraph "products" has the URL "" in the supergraph'],
  ])('fails to start with one line when it %s', async (_what, sdl, message) => {
    if (sdl !== undefined) await writeFile(path, sdl);
    const opening = openLoaded({ location: location() });
    await expect(opening).rejects.toThrow(message);
    await expect(opening).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('\n') });
  });

  it('takes the address of a subgraph from its settings instead, and names one that is not part of it', async () => {
    await writeFile(path, supergraphWith(['a'], ''));
    const products = { kind: 'remote' as const, name: 'products', url: 'http://elsewhere/graphql' };
    await using opened = await openLoaded({ location: location(), sources: [products, { ...products, name: 'typo' }] });
    expect(opened.supergraph.current().sources.get('products')).toBe(products);
    expect(opened.logger.lines).toContainEqual(expect.objectContaining({ level: 'warn', fields: { subgraph: 'typo' } }));
  });

  it('replaces where a subgraph runs, and keeps that in later versions', async () => {
    await writeFile(path, supergraphWith(['a']));
    await using opened = await openLoaded({ location: location() });
    const local = { kind: 'local' as const, subgraph: createProducts() };
    expect(await opened.supergraph.replace(local)).toEqual({ kind: 'updated' });
    await writeFile(path, supergraphWith(['a', 'b']));
    expect(await opened.supergraph.refresh()).toEqual({ kind: 'updated' });
    expect(opened.supergraph.current().sources.get('products')).toBe(local);
    const unknown = { kind: 'remote' as const, name: 'stock', url: 'http://stock' };
    expect(await opened.supergraph.replace(unknown)).toMatchObject({
      kind: 'failed',
      problems: [{ text: 'SUPERGRAPH_REJECTED: the supergraph has no subgraph "stock"; it has products' }],
    });
  });

  it('keeps the source of a subgraph whose address stays the same', async () => {
    await writeFile(path, supergraphWith(['a']));
    await using opened = await openLoaded({ location: location() });
    const before = opened.supergraph.current().sources.get('products');
    await writeFile(path, supergraphWith(['a', 'b']));
    await opened.supergraph.refresh();
    expect(opened.supergraph.current().sources.get('products')).toBe(before);
  });
});
