import { createLexicalEmbedder } from '@loomgraph/ai';
import { mergeSyncAnswers, type SyncAnswer } from '@loomgraph/core';
import { createEvent, encodeEvent, eventCatalogue } from '@loomgraph/events';
import { createPgDatabase } from '@loomgraph/stores/postgres';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { enqueueTask, jobs, OutboxRow, type CheckResult } from '@loomgraph/sync';
import { createLocalHost, waitFor } from '@loomgraph/testing';
import { CUT_PASSAGES } from '../src/adapters/cut-passages.js';
import { openResumeVectors, RESUME_VECTORS } from '../src/projections/resume-vectors.js';
import { admin, backends, caller, DIMENSIONS, markdown, openResumes, type OpenResumes } from './support/open-resumes.js';
import { CHINESE, ENGLISH, NURSE } from './support/search-texts.js';

const WAIT_MS = 30_000;
const SEARCH = `query($query: String!, $mode: ResumeSearchMode, $filter: ResumeSearchFilterInput, $first: Int, $after: String) {
  searchResumes(query: $query, mode: $mode, filter: $filter, first: $first, after: $after) {
    similarity model pageInfo { hasNextPage hasPreviousPage endCursor }
    hits { resume { id title } version { id understanding { text sections { kind start end } } } section passage { start end }
      snippet { text span { start end } } score semanticRank textRank } } }`;
const modes = ['SEMANTIC', 'TEXT', 'HYBRID'] as const;
const ann = caller('ann');
const wang = caller('wang');
const eve = caller('eve');
const bob = caller('bob');

for (const backend of backends(import.meta.filename)) {
  describe(`R4 resumes are searched: ${backend.name}`, () => {
    let app: OpenResumes;
    let store: RelationalStore;
    const ids = { english: '', chinese: '', nurse: '' };

    beforeAll(async () => {
      app = await openResumes(backend);
      await app.subgraph.start();
      store = await app.stores.relational({ name: 'resumes', entities: [OutboxRow], migrations: [] });
      ids.english = await resumeOf(ann, ENGLISH, 'Ann, engineer', 'en');
      ids.chinese = await resumeOf(wang, CHINESE, '王小明');
      ids.nurse = await resumeOf(eve, NURSE, 'Eve, nurse', 'en');
      await quiet();
    }, 180_000);
    afterAll(() => app[Symbol.asyncDispose](), 60_000);

    const quiet = async (): Promise<void> => expect(await app.subgraph.relay.whenQuiet(WAIT_MS)).toBe(true);
    /** Uploads a text and waits until it is understood. */
    const versionOf = async (owner: typeof ann, resumeId: string, text: string): Promise<string> => {
      const { version } = await app.upload(owner, resumeId, markdown(text));
      await understood(owner, version.id);
      return version.id as string;
    };
    const understood = async (owner: typeof ann, id: string): Promise<void> => {
      const state = 'query($id: ID!) { resumeVersion(id: $id) { understanding { state } } }';
      await waitFor(
        async () => (await app.data(state, { id }, owner)).resumeVersion.understanding.state as string,
        (now) => now === 'DONE',
        WAIT_MS,
      );
    };
    const resumeOf = async (owner: typeof ann, text: string, title: string, language = 'zh'): Promise<string> => {
      const create = 'mutation($input: CreateResumeInput!) { createResume(input: $input) { resume { id } } }';
      const resumeId = (await app.data(create, { input: { title, language } }, owner)).createResume.resume.id as string;
      await versionOf(owner, resumeId, text);
      return resumeId;
    };
    const search = async (by: typeof ann, query: string, more: Record<string, unknown> = {}) =>
      (await app.data(SEARCH, { query, ...more }, by)).searchResumes;
    const found = async (by: typeof ann, query: string, more: Record<string, unknown> = {}): Promise<string[]> =>
      (await search(by, query, more)).hits.map(({ resume }: { resume: { id: string } }) => resume.id);
    const passages = async (resumeId: string): Promise<string[]> =>
      (await store.read().execute<{ id: string }[]>(`select id from ${store.table('resume_passage')} where resume_id = ?`, [resumeId])).map(
        ({ id }) => id,
      );
    const vectors = () => openResumeVectors({ store, stores: app.stores, embedder: createLexicalEmbedder({ dimensions: DIMENSIONS }) });
    /** Those of some passages that can still be found. */
    const documents = async (of: readonly string[]): Promise<number> =>
      (await (await vectors()).reader.entries(of)).filter((entry) => entry && !entry.deleted).length;

    it.each(modes)('%s finds an English and a Chinese resume by the position that fits, and says where it stands', async (mode) => {
      for (const [query, id, word, other] of [
        ['operating Kubernetes clusters', ids.english, 'Kubernetes', 'payroll'],
        ['分布式缓存架构', ids.chinese, '分布式缓存', '推荐系统'],
      ] as const) {
        const { hits, similarity, model } = await search(admin, query, { mode });
        expect([similarity, typeof model]).toEqual(['LEXICAL', 'string']);
        const [hit] = hits;
        expect([hit.resume.id, hit.section]).toEqual([id, 'work']);
        const { text, sections } = hit.version.understanding;
        const { start, end } = hit.passage;
        expect(text.slice(start, end)).toContain(word);
        expect(text.slice(start, end)).not.toContain(other);
        const work = sections.find(({ kind }: { kind: string }) => kind === 'work');
        expect([start >= work.start, end <= work.end]).toEqual([true, true]);
        expect(hit.snippet.text).toBe(text.slice(hit.snippet.span.start, hit.snippet.span.end));
        expect(hit.snippet.text).toContain(word);
        expect([hit.semanticRank, hit.textRank]).toEqual([mode === 'TEXT' ? null : 1, mode === 'SEMANTIC' ? null : 1]);
      }
    });

    it('other words find other sections; a resume is one hit, whatever it says how often', async () => {
      const sectionOf = async (query: string) => (await search(admin, query, { mode: 'TEXT' })).hits[0]?.section;
      expect(await sectionOf('Stanford')).toBe('education');
      expect(await sectionOf('Kafka')).toBe('skills');
      expect(await sectionOf('浙江大学')).toBe('education');
      expect(await sectionOf('ann@example.com')).toBe('header');
      expect(await found(ann, 'Java Kubernetes payroll Acme Globex Stanford')).toEqual([ids.english]);
    });

    it.each([
      [{ skills: ['k8s'] }, ['english']],
      [{ skills: ['Java', 'k8s'] }, ['english']],
      [{ skills: ['Java', 'Redis'] }, []],
      [{ skills: ['no such skill'] }, []],
      [{ minYears: 5 }, ['english', 'chinese']],
      [{ minYears: 90 }, []],
      [{ seniority: ['SENIOR'] }, ['english', 'chinese']],
      [{ seniority: ['INTERN', 'DIRECTOR'] }, []],
      [{ language: 'en' }, ['english', 'nurse']],
      [{ textLanguage: 'ZH' }, ['chinese']],
      [{ spokenLanguages: ['fr'] }, ['english']],
      [{ spokenLanguages: ['fr', 'en'] }, ['english']],
      [{ userId: 'eve' }, ['nurse']],
      [{ updatedAfter: '2001-01-01T00:00:00Z' }, ['english', 'chinese', 'nurse']],
      [{ updatedAfter: '2999-01-01T00:00:00Z' }, []],
    ] as const)('filters by %j', async (filter, expected) => {
      const wanted = expected.map((name) => ids[name]).sort();
      for (const mode of ['SEMANTIC', 'HYBRID'] as const)
        expect((await found(admin, 'engineer 工程师 nurse', { mode, filter })).sort()).toEqual(wanted);
    });

    it('compares only the sections that are asked for', async () => {
      const { hits } = await search(admin, 'Kubernetes', { filter: { sections: ['skills'] } });
      expect(hits.map(({ section }: { section: string }) => section)).toEqual(expect.arrayContaining(['skills']));
      expect(new Set(hits.map(({ section }: { section: string }) => section))).toEqual(new Set(['skills']));
    });

    it('answers nobody else: what is shared is found at once, what is taken back at once no more', async () => {
      expect(await found(ann, 'Kubernetes')).toEqual([ids.english]);
      expect(await found(bob, 'Kubernetes')).toEqual([]);
      expect(await app.refusal(SEARCH, { query: 'Kubernetes' }, null)).toMatchObject({ code: 'UNAUTHENTICATED' });
      // Nothing is indexed anew for either: nothing of it is in the index.
      app.facts.set('carl', { grants: [{ type: 'resume', id: ids.english, action: 'read' }] });
      expect(await found(caller('carl'), 'Kubernetes')).toEqual([ids.english]);
      app.facts.set('dora', { groups: ['recruiters'] });
      const group = (name: string) => `mutation($input: ResumeGroupInput!) { ${name}(input: $input) { resume { id } } }`;
      const input = { resumeId: ids.english, groupId: 'recruiters' };
      expect(await found(caller('dora'), 'Kubernetes')).toEqual([]);
      await app.data(group('shareResumeWithGroup'), { input }, ann);
      expect(await found(caller('dora'), 'Kubernetes')).toEqual([ids.english]);
      expect(await found(caller('dora'), 'Kubernetes', { filter: { userId: 'wang' } })).toEqual([]);
      await app.data(group('unshareResumeWithGroup'), { input }, ann);
      expect(await found(caller('dora'), 'Kubernetes')).toEqual([]);
    });

    it('pages are full and disjoint although others fit better, and a cursor goes with its question', async () => {
      const paul = caller('paul');
      for (let n = 0; n < 5; n += 1)
        await resumeOf(paul, `# Paul ${n}\n\n## Summary\n\nOnce read a book about zeppelins, among ${n} others.`, `P${n}`);
      for (let n = 0; n < 4; n += 1)
        await resumeOf(ann, `# Ann ${n}\n\n## Summary\n\nzeppelins zeppelins zeppelins\n\n## Projects\n\nzeppelins ${n}`, `Z${n}`);
      await quiet();
      for (const mode of modes) {
        const seen: string[] = [];
        let after: string | undefined;
        for (const [length, more] of [
          [2, true],
          [2, true],
          [1, false],
        ] as const) {
          const { hits, pageInfo } = await search(paul, 'zeppelins', { mode, first: 2, after });
          expect([hits.length, pageInfo.hasNextPage, pageInfo.hasPreviousPage]).toEqual([length, more, after !== undefined]);
          seen.push(...hits.map(({ resume }: { resume: { id: string } }) => resume.id));
          after = pageInfo.endCursor;
        }
        expect(new Set(seen).size).toBe(5);
        expect(await app.refusal(SEARCH, { query: 'airships', mode, after }, paul)).toMatchObject({ code: 'INVALID_CURSOR' });
      }
    }, 120_000);

    it.each([
      [{ query: '  ' }, 'BAD_USER_INPUT'],
      [{ query: 'x'.repeat(1_001) }, 'BAD_USER_INPUT'],
      [{ query: 'x', first: 101 }, 'PAGE_LIMIT_EXCEEDED'],
      [{ query: 'x', first: -1 }, 'BAD_USER_INPUT'],
      [{ query: 'x', after: 'none' }, 'INVALID_CURSOR'],
      [{ query: 'x', filter: { sections: ['novel'] } }, 'BAD_USER_INPUT'],
      [{ query: 'x', filter: { minYears: -1 } }, 'BAD_USER_INPUT'],
    ])('refuses %j with a code', async (variables, code) => {
      expect(await app.refusal(SEARCH, variables, ann)).toMatchObject({ code });
    });

    it('follows the newest version that is understood: one that comes, one that goes, another look', async () => {
      const owner = caller('fay');
      const id = await resumeOf(owner, '# Fay\n\n## Summary\n\nTames walruses.', 'Fay');
      const first = await passages(id);
      const second = await versionOf(owner, id, '# Fay\n\n## Summary\n\nTames ocelots.');
      await quiet();
      expect([await found(owner, 'walruses', { mode: 'TEXT' }), await found(owner, 'ocelots', { mode: 'TEXT' })]).toEqual([[], [id]]);
      expect([first.length > 0, await documents(first)]).toEqual([true, 0]);
      const before = await passages(id);
      await app.data('mutation($id: ID!) { understandResumeVersion(id: $id) { version { id } } }', { id: second }, owner);
      await understood(owner, second);
      await quiet();
      const after = await passages(id);
      expect([await documents(before), await documents(after)]).toEqual([0, before.length]);
      expect(await found(owner, 'ocelots', { mode: 'TEXT' })).toEqual([id]);
      const remove = 'mutation($id: ID!) { deleteResumeVersion(id: $id) { deletedId } }';
      await app.data(remove, { id: second }, owner);
      await quiet();
      expect([await found(owner, 'walruses', { mode: 'TEXT' }), await found(owner, 'ocelots', { mode: 'TEXT' })]).toEqual([[id], []]);
    }, 90_000);

    it('Y7 whoever changes a resume finds it as they left it, with the token of the change', async () => {
      const owner = caller('gil');
      const id = await resumeOf(owner, '# Gil\n\n## Summary\n\nKeeps lighthouses.', 'Gil');
      await quiet();
      const host = createLocalHost(app.subgraph);
      let answer: SyncAnswer | undefined;
      const report = (more: SyncAnswer): void => void (answer = mergeSyncAnswers(answer, more));
      const ask = async (query: string, variables: Record<string, unknown>, token?: string) =>
        host.execute({
          query,
          variables,
          request: {
            identity: owner,
            requestId: 'own',
            sync: { report, waitMs: WAIT_MS, onTimeout: 'STALE', ...(token === undefined ? {} : { token }) },
          },
        });
      for (const language of ['is', 'fo', 'kl']) {
        const update = 'mutation($input: UpdateResumeInput!) { updateResume(input: $input) { resume { id } } }';
        await ask(update, { input: { id, language } });
        const { data, errors } = await ask(SEARCH, { query: 'lighthouses', filter: { language } }, answer?.token);
        expect(errors).toBeUndefined();
        const { hits } = (data as { searchResumes: { hits: { resume: { id: string } }[] } }).searchResumes;
        expect(hits.map(({ resume }) => resume.id)).toEqual([id]);
      }
    }, 60_000);

    it('what is deleted and who is erased leaves no vectors', async () => {
      const owner = caller('hal');
      const [gone, erased] = [await resumeOf(owner, ENGLISH, 'Hal 1'), await resumeOf(owner, CHINESE, 'Hal 2')];
      await quiet();
      const [ofGone, ofErased] = [await passages(gone), await passages(erased)];
      expect([await documents(ofGone), await documents(ofErased)]).toEqual([ofGone.length, ofErased.length]);
      await app.data('mutation($id: ID!) { deleteResume(id: $id) { deletedId } }', { id: gone }, owner);
      expect(await found(owner, 'Kubernetes', { mode: 'TEXT' })).toEqual([]);
      await quiet();
      expect([await passages(gone), await documents(ofGone)]).toEqual([[], 0]);
      const event = createEvent(eventCatalogue['accounts.user-erased'], { userId: 'hal', erasedAt: app.clock.now().toISOString() });
      await (await app.stores.bus()).publish('accounts-events', [encodeEvent(event as never)]);
      await waitFor(
        () => passages(erased),
        (left) => left.length === 0,
        WAIT_MS,
      );
      await quiet();
      expect(await documents(ofErased)).toBe(0);
    }, 120_000);

    it('Y3 the auditor finds and mends vectors that are missing, stale, orphaned or corrupt', async () => {
      await quiet();
      const run = async (kind: 'check' | 'repair') => {
        const { id } = await jobs(store).create({ kind, projection: RESUME_VECTORS, requestedBy: 'test' });
        const job = await waitFor(
          () => jobs(store).get(id),
          (one) => one?.state === 'done' || one?.state === 'failed',
          WAIT_MS,
        );
        const { missing, stale, orphan, corrupt } = (job!.result as CheckResult).projections[0]!;
        return { missing, stale, orphan, corrupt };
      };
      const none = { missing: 0, stale: 0, orphan: 0, corrupt: 0 };
      expect(await run('check')).toEqual(none);
      const [lost, old, damaged] = await passages(ids.english);
      const { targets, reader } = await vectors();
      const [target] = targets;
      const content = { title: 't', text: 'planted', attributes: {}, embed: { content: 'planted' } };
      const [stored] = await target.entries([old!]);
      const replaces = { revision: stored!.revision, fence: stored!.fence };
      expect(await target.apply([{ id: old!, revision: 0, fence: 1, fingerprint: 'older', content, replaces }])).toEqual(['applied']);
      expect(await target.apply([{ id: 'nobody', revision: 3, fingerprint: 'f', content }])).toEqual(['applied']);
      await tamper(`delete from {table} where id = '${lost}'`);
      await tamper(`update {table} set title = 'tampered with' where id = '${damaged}'`);
      expect(await run('check')).toEqual({ missing: 1, stale: 1, orphan: 1, corrupt: 1 });
      await run('repair');
      await quiet();
      expect(await run('check')).toEqual(none);
      expect(await reader.entries([lost!, 'nobody'], { verify: true })).toMatchObject([
        { deleted: false, intact: true },
        { deleted: true },
      ]);
    }, 120_000);

    it('what was understood before there were passages is cut at a start', async () => {
      const before = await passages(ids.nurse);
      await store.transaction(async (em) => {
        await em.execute(`delete from ${store.table('resume_passage')} where resume_id = ?`, [ids.nurse], 'run');
        await enqueueTask(store, em, { kind: CUT_PASSAGES, key: 'missing' });
      });
      expect(await found(eve, 'hospital', { mode: 'TEXT' })).toEqual([]);
      await waitFor(
        () => passages(ids.nurse),
        (cut) => cut.length === before.length,
        WAIT_MS,
      );
      await quiet();
      expect(await found(eve, 'hospital', { mode: 'TEXT' })).toEqual([ids.nurse]);
    }, 60_000);

    /** Changes the collection behind the engine's back. */
    const tamper = async (statement: string): Promise<void> => {
      const { postgres } = backend.urls;
      const database = postgres === undefined ? undefined : createPgDatabase({ url: postgres });
      const run = async <T>(sql: string): Promise<T[]> =>
        database ? ((await database.query(sql)).rows as T[]) : store.transaction((em) => em.execute<T[]>(sql));
      try {
        const schema = `${app.folder.replace('/', '_')}vectors`;
        const named = `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
          where table_schema = '${schema}' and table_name like 'resume_passages%'`;
        const [table] = await run<{ name: string }>(named);
        await run(statement.replace('{table}', table?.name ?? 'no such collection'));
      } finally {
        await database?.close();
      }
    };
  });
}
