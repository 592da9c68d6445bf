import type { Bus } from '@loomgraph/stores/bus';
import { createPgDatabase, createPgliteDatabase, openPglite, type SqlDatabase } from '@loomgraph/stores/postgres';
import { openEmbeddingTable, openVectorIndex, type EmbeddingTable } from '@loomgraph/stores/vectors';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { realStore, relationalBackends, waitFor } from '@loomgraph/testing';
import { createHash } from 'node:crypto';
import { setImmediate as immediate, setTimeout as sleep } from 'node:timers/promises';
import {
  defineVersionedProjection,
  openVersionedVectors,
  readStatus,
  Relay,
  type TextEmbedder,
  type VectorContent,
  type VersionedVectors,
  type VersionedVectorsOptions,
} from '../src/index.js';
import { readVersions } from '../src/versions/registry.js';
import { Note, noteRecord, openFixture, type Fixture } from './fixture.js';

/** Prevents: search that answers nothing, or compares the embeddings of two models, while a new model or derivation is brought in. */
const backends = relationalBackends(import.meta.filename);
const setups = realStore('POSTGRES_URL') && backends.length > 1 ? [backends[0]!, backends[1]!] : [backends[0]!]; // the embedded one, then all real

describe.each(setups)('versions of a vector projection, record on $name', (backend) => {
  const WAIT_MS = 30_000;
  const RECORDS = 60;
  let database: SqlDatabase;
  let fixture: Fixture;
  let schema = '';
  let run = 0;
  let running: Relay[] = [];

  beforeAll(async () => {
    const url = realStore('POSTGRES_URL');
    database =
      backend.name === 'PGlite' || !url
        ? createPgliteDatabase(await openPglite({ dataDir: 'memory://' }), { owned: true })
        : createPgDatabase({ url });
  }, 60_000);
  afterAll(async () => {
    await database.close();
    await backend.close();
  });
  beforeEach(async () => {
    fixture = await openFixture(backend);
    schema = `versions_${process.pid}_${++run}`;
    running = [];
  }, 60_000);
  afterEach(async () => {
    for (const relay of running) await relay.stop();
    await database.script(`drop schema if exists "${schema}" cascade`);
    await backend.drop(fixture.store);
  });

  /** Words to a unit vector; counts the texts it was asked for. */
  const embedder = (name: string, dimensions: number): TextEmbedder & { texts: number; similarity: 'lexical' } => {
    const one = {
      name,
      version: 1,
      dimensions,
      similarity: 'lexical' as const,
      texts: 0,
      embed(texts: readonly string[]) {
        one.texts += texts.length;
        return Promise.resolve(
          texts.map((text) => {
            const bytes = createHash('sha512')
              .update(name + text)
              .digest();
            const raw = Array.from({ length: dimensions }, (_, n) => (bytes[n] as number) + 1);
            const length = Math.hypot(...raw);
            return raw.map((value) => Math.fround(value / length));
          }),
        );
      },
    };
    return one;
  };
  /** As `withEmbeddingCache` does for the subgraphs. */
  const remembering = (model: TextEmbedder, table: EmbeddingTable): TextEmbedder => ({
    ...model,
    async embed(texts) {
      const keys = texts.map((text) => `${model.name}/${createHash('sha256').update(text).digest('base64url')}`);
      const known = await table.getMany(keys);
      const missing = texts.filter((_, n) => !known[n]);
      const made = missing.length > 0 ? await model.embed(missing) : [];
      await table.setMany(missing.map((text, n) => ({ key: keys[texts.indexOf(text)] as string, vector: made[n] as number[] })));
      return texts.map((text, n) => [...(known[n] ?? (made[missing.indexOf(text)] as number[]))]);
    },
  });
  const open = (
    options: Partial<VersionedVectorsOptions<TextEmbedder>> & { embedder: TextEmbedder },
  ): Promise<VersionedVectors<TextEmbedder>> =>
    openVersionedVectors({
      store: fixture.store,
      projection: 'vectors',
      version: 1,
      open: (collection) => openVectorIndex({ database, schema, collection }),
      collection: (dimensions) => ({ name: 'notes', dimensions, embeddings: { content: { indexed: false } }, attributes: {} }),
      ...options,
    });
  const start = async (vectors: VersionedVectors<TextEmbedder>, version = 1, retiredMs = 3_600_000): Promise<Relay> => {
    const relay = new Relay({
      store: fixture.store,
      bus: { publish: () => Promise.resolve() } as unknown as Bus, // no event is appended here
      projections: defineVersionedProjection<{ text: string }, VectorContent>(
        {
          name: 'vectors',
          version,
          source: 'Note',
          load: async (ids, em) =>
            (await em.find(Note, { id: { $in: [...ids] } })).map(({ id, revision, text }) => ({ id, revision, value: { text } })),
          derive: ({ text }) => ({ title: `${version}`, text, attributes: {}, embed: { content: text } }),
          policy: { batch: 8, backoff: () => 20 },
        },
        vectors,
      ),
      records: [noteRecord],
      subgraph: 'notes',
      logger: silentLogger,
      metrics: createMetrics(),
      pollMs: 50,
      retiredMs,
    });
    running.push(relay);
    await relay.start();
    return relay;
  };
  const stop = async (relay: Relay): Promise<void> => {
    running = running.filter((one) => one !== relay);
    await relay.stop();
  };
  const fill = async (): Promise<void> => {
    await fixture.unitOfWork.run(({ em }) => {
      for (let n = 0; n < RECORDS; n++) em.create(Note, { id: `n${n}`, text: `text ${n}` });
      return Promise.resolve();
    });
  };
  const states = async () => Object.fromEntries((await readVersions(fixture.store)).map(({ version, state }) => [version, state]));
  const swapped = (key: string) =>
    waitFor(
      async () => (await states())[key],
      (state) => state === 'live',
      WAIT_MS,
    );
  /** Whether the live version is what a build from scratch would be. */
  const isWhole = async (vectors: VersionedVectors<TextEmbedder>): Promise<boolean> => {
    const { index, embedder: by } = await vectors.live();
    const notes = await fixture.store.read().find(Note, {}, { orderBy: { id: 'asc' } });
    const documents = await index.get(notes.map(({ id }) => id));
    return (
      (await index.count()) === notes.length &&
      notes.every(
        ({ text, revision }, n) => documents[n]?.text === text && documents[n]?.revision === revision && documents[n]?.model === by?.name,
      )
    );
  };

  it('Y5 a new model of another dimension is built and swapped in while search goes on: no gap, no error, no mixture, one swap', async () => {
    await fill();
    const [small, large] = [embedder('small', 8), embedder('large', 32)];
    const first = await start(await open({ embedder: small }));
    expect(await first.whenQuiet(WAIT_MS)).toBe(true);
    await stop(first);
    expect(small.texts).toBe(RECORDS);

    const vectors = await open({ embedder: large, embedderFor: (model) => (model.name === 'small' ? small : undefined) });
    const seen: string[] = [];
    const searching = new AbortController();
    let searches = 0;
    const search = (async () => {
      for (; !searching.signal.aborted; searches++) {
        const text = `text ${searches % 30}`; // those are not changed below
        const { versionKey, index, embedder: by } = await vectors.live();
        const [embedding] = await (by as TextEmbedder).embed([text]);
        const hits = await index.searchByVector({ embedding: embedding as number[], field: 'content', limit: 5 });
        expect(hits).toHaveLength(5);
        expect(hits[0]).toMatchObject({ id: `n${searches % 30}` });
        expect(hits[0]?.score).toBeCloseTo(1, 5);
        // What is removed below may go after it was found.
        const found = hits.map(({ id }) => id).filter((id) => id !== 'n59');
        expect((await index.get(found)).map((document) => document?.model)).toEqual(found.map(() => by?.name));
        if (seen.at(-1) !== versionKey) seen.push(versionKey);
        await sleep(2);
      }
    })();
    const second = await start(vectors);
    // The old version is kept up to date, and what changes meanwhile is in the new one too.
    for (let n = 30; n < 50; n++) await fixture.write(`n${n}`, `changed ${n}`);
    await fixture.remove('n59');
    await fixture.write('new', 'a new one');
    await swapped('1:large@1/32');
    await waitFor(
      () => seen.length,
      (count) => count === 2,
      WAIT_MS,
    );
    searching.abort();
    await search;
    expect(seen).toEqual(['1:small@1/8', '1:large@1/32']);
    expect(await second.whenQuiet(WAIT_MS)).toBe(true);
    expect(await isWhole(vectors)).toBe(true);
    expect(searches).toBeGreaterThan(20);
    process.stdout.write(`${backend.name}: ${searches} searches beside the swap of ${RECORDS} records\n`);
    const [status] = await readStatus(fixture.store);
    expect(status).toMatchObject({ version: '1:large@1/32', building: undefined, lagRecords: 0 });
  }, 90_000);

  it('Y5 a build that is interrupted anywhere is gone on with; one whose definition changes is given up, and its storage goes', async () => {
    await fill();
    const [small, middle, large] = [embedder('small', 8), embedder('middle', 16), embedder('large', 32)];
    const first = await start(await open({ embedder: small }));
    expect(await first.whenQuiet(WAIT_MS)).toBe(true);
    await stop(first);
    // Stopped at once: whatever step it was in.
    await stop(await start(await open({ embedder: middle, embedderFor: () => small })));
    expect(await states()).toEqual({ '1:small@1/8': 'live', '1:middle@1/16': 'building' });
    const vectors = await open({ embedder: large, embedderFor: () => small });
    await stop(await start(vectors));
    expect(await states()).toEqual({ '1:small@1/8': 'live', '1:middle@1/16': 'retired', '1:large@1/32': 'building' });
    const again = await start(vectors, 1, 0);
    await swapped('1:large@1/32');
    expect(await again.whenQuiet(WAIT_MS)).toBe(true);
    expect(await isWhole(vectors)).toBe(true);
    await waitFor(states, (seen) => Object.keys(seen).length === 1, WAIT_MS);
    const { rows } = await database.query<{ n: number }>(`select count(*)::int as n from pg_tables where schemaname = $1`, [schema]);
    expect(rows).toEqual([{ n: 1 }]);
  }, 90_000);

  it('Y5 where the old model is not to be had, the old version is served as it stands, and shows how far behind it is', async () => {
    await fill();
    const first = await start(await open({ embedder: embedder('small', 8) }));
    expect(await first.whenQuiet(WAIT_MS)).toBe(true);
    await stop(first);
    const large = embedder('large', 32);
    const away = { ...large, embed: () => Promise.reject(Object.assign(new Error('not yet'), { code: 'AI_PROVIDER_REJECTED' })) };
    const held = await open({ embedder: away });
    const second = await start(held);
    await fixture.write('n1', 'changed');
    const { versionKey, index, embedder: by } = await held.live();
    expect([versionKey, by]).toEqual(['1:small@1/8', undefined]);
    expect(await index.searchByText({ text: 'text', limit: 3 })).toHaveLength(3);
    await waitFor(
      async () => (await readStatus(fixture.store))[0],
      (status) => status !== undefined && status.lagRecords > 0 && status.lagSeconds > 0 && status.building !== undefined,
      WAIT_MS,
    );
    await stop(second);
    const vectors = await open({ embedder: large });
    const third = await start(vectors);
    // What became a dead letter meanwhile is tried again.
    await fixture.store.transaction((em) =>
      em.execute(`update ${fixture.store.table('delivery')} set state = 'pending', attempts = 0, available_at = 0`, [], 'run'),
    );
    await swapped('1:large@1/32');
    expect(await third.whenQuiet(WAIT_MS)).toBe(true);
    await waitFor(() => isWhole(vectors), Boolean, WAIT_MS);
  }, 90_000);

  it('Y5 a process of the old code delivers nothing past the swap, whatever changes while both run', async () => {
    await fill();
    const table = await openEmbeddingTable({ database, schema });
    const model = embedder('small', 8);
    const cached = remembering(model, table);
    const old = await start(await open({ embedder: cached }));
    expect(await old.whenQuiet(WAIT_MS)).toBe(true);
    expect(model.texts).toBe(RECORDS);
    const vectors = await open({ embedder: cached, version: 2 });
    const next = await start(vectors, 2);
    // Both processes run while records change: whoever claims a change, it is in the storage that serves in the end.
    let changes = 0;
    for (; (await states())['2:small@1/8'] !== 'live' || changes < 40; changes++) {
      await fixture.write(`n${changes % RECORDS}`, `changed ${changes}`);
      await immediate(); // an embedded database answers in microtasks: timers wait while it is kept busy
    }
    await fixture.write('n0', 'changed');
    expect(await next.whenQuiet(WAIT_MS)).toBe(true);
    const [document] = await (await vectors.live()).index.get(['n0']);
    expect(document).toMatchObject({ title: '2', text: 'changed' });
    expect(await isWhole(vectors)).toBe(true);
    // Each new text was asked for once at most, whichever storages it went to.
    expect(model.texts).toBeLessThanOrEqual(RECORDS + 2 * changes + 2);
  }, 90_000);

  it('Y5 a new derivation of unchanged text costs no embedding', async () => {
    await fill();
    const table = await openEmbeddingTable({ database, schema });
    const model = embedder('small', 8);
    const cached = remembering(model, table);
    const first = await start(await open({ embedder: cached }));
    expect(await first.whenQuiet(WAIT_MS)).toBe(true);
    await stop(first);
    expect(model.texts).toBe(RECORDS);
    const vectors = await open({ embedder: cached, version: 2 });
    await start(vectors, 2);
    await swapped('2:small@1/8');
    expect(await isWhole(vectors)).toBe(true);
    expect(model.texts).toBe(RECORDS);
    await fixture.write('n0', 'changed');
    await waitFor(
      () => model.texts,
      (texts) => texts === RECORDS + 1,
      WAIT_MS,
    );
  }, 90_000);
});
