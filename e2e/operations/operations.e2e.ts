import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '@loomgraph/testing';
import { admin, deploy, type Caller, type RunningDeployment } from '../support/deploy.js';
import { farthestDeployments } from '../support/deployments.js';
import { codesOf, reader } from '../templates/scenario.js';
import { goBehindTheBack, type BehindTheBack } from './behind-the-back.js';

const JOB = 'id subgraph kind projection consumer state done total progress result errorCode error requestedBy endedAt';
const LETTER = 'id subgraph kind source type recordId attempts code error failedAt payload';
const PROJECTIONS = ['category-graph', 'template-cache', 'template-graph', 'template-vectors', 'user-graph'];
const CONSUMER = 'templates-usage-rollup';
const WAIT_MS = 60_000;

describe.each(farthestDeployments())('operating the sync engine: $name', (deployment) => {
  let app: RunningDeployment;
  let behind: BehindTheBack;
  let categoryId: string;
  const ids: Record<string, string> = {};

  const ask = (query: string, variables: Record<string, unknown> = {}) => app.data(query, variables, admin);
  const create = async (name: string): Promise<string> => {
    const mutation = 'mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }';
    return (await ask(mutation, { input: { name, categoryId } })).createTemplate.template.id as string;
  };
  /** Other subgraphs have engines as well; this is about the one that the scenario fills. */
  const ofTemplates = () => status('(subgraph: "templates")');
  const status = async (arguments_ = '') =>
    (
      await ask(`{ syncStatus${arguments_} {
        projections { name subgraph source target version lagRecords lagSeconds coverage drift deadLetters discarded applied lastAudit { checked } failingSince lastError }
        consumers { name subgraph topic lagEvents applied deadLetters seenAt }
        unreachable { subgraph code message } } }`)
    ).syncStatus;
  const start = async (name: string, inputType: string, input: object) =>
    (
      await ask(`mutation($input: ${inputType}!) { job: ${name}(input: $input) { ${JOB} } }`, {
        input: { subgraph: 'templates', ...input },
      })
    ).job;
  const jobOf = async (id: string) => (await ask(`query($id: ID!) { syncJob(id: $id) { ${JOB} } }`, { id })).syncJob;
  const finish = async (job: { id: string }) =>
    waitFor(
      () => jobOf(job.id),
      ({ state }) => state !== 'QUEUED' && state !== 'RUNNING',
      WAIT_MS,
    );
  const run = async (name: string, inputType: string, input: object) => finish(await start(name, inputType, input));
  const search = async (query: string): Promise<string[]> =>
    (
      await ask('query($query: String!) { searchTemplates(query: $query, mode: TEXT) { hits { template { id } } } }', { query })
    ).searchTemplates.hits.map((hit: { template: { id: string } }) => hit.template.id);

  beforeAll(async () => {
    app = await deploy(deployment);
    const category = 'mutation { createTemplateCategory(input: { slug: "ops", name: "Operated" }) { category { id } } }';
    categoryId = (await ask(category)).createTemplateCategory.category.id;
    for (const name of ['Missing qmissing', 'Stale qstale', 'Orphan qorphan', 'Corrupt qcorrupt', 'Well qwell']) {
      ids[name.split(' ')[0]!.toLowerCase()] = await create(name);
    }
    await app.data('mutation($id: ID!) { useTemplate(templateId: $id) { usageCount } }', { id: ids['well'] }, reader);
    await app.quiet();
    behind = await goBehindTheBack(app, deployment);
    // What is planted below is for the commands to find, not for the first round of the audits.
    await waitFor(status, ({ projections }) => projections.every((one: { lastAudit: unknown }) => one.lastAudit !== null), WAIT_MS);
  }, 150_000);
  afterAll(async () => {
    await behind?.[Symbol.asyncDispose]();
    await app?.[Symbol.asyncDispose]();
  }, 60_000);

  it('Y6 shows where every projection and consumer stands', async () => {
    // What was applied is noted a little later than it is applied.
    const now = await waitFor(
      ofTemplates,
      ({ projections, consumers }) =>
        projections.every(({ applied }: { applied: number }) => applied > 0) && consumers[0]?.lagEvents === 0 && consumers[0].applied === 1,
      WAIT_MS,
    );
    expect(now.unreachable).toEqual([]);
    expect(now.projections.map(({ name }: { name: string }) => name)).toEqual(PROJECTIONS);
    for (const one of now.projections) {
      expect(one).toMatchObject({
        subgraph: 'templates',
        lagRecords: 0,
        lagSeconds: 0,
        drift: 0,
        deadLetters: 0,
        failingSince: null,
        lastError: null,
      });
    }
    expect(now.projections.find((one: { name: string }) => one.name === 'template-vectors')).toMatchObject({
      source: 'Template',
      target: 'vectors',
    });
    expect(now.consumers[0]).toMatchObject({ name: CONSUMER, subgraph: 'templates', topic: 'templates-events', deadLetters: 0 });
    const one = await status('(subgraph: "templates", projection: "user-graph")');
    expect([one.projections.length, one.consumers.length]).toEqual([1, 0]);
  }, 90_000);

  it.each([
    ['{ syncStatus { unreachable { code } } }'],
    ['{ syncJobs { nodes { id } } }'],
    ['{ syncJob(id: "templates:1") { id } }'],
    ['{ deadLetters { nodes { id } } }'],
    ['{ deadLetter(id: "templates:x") { id } }'],
    ['{ deadLetterDecisions { nodes { at } } }'],
    ['mutation { syncCheck(input: { subgraph: "templates" }) { id } }'],
    ['mutation { syncRepair(input: { subgraph: "templates" }) { id } }'],
    ['mutation { syncRebuild(input: { subgraph: "templates", projection: "user-graph" }) { id } }'],
    [`mutation { syncReplay(input: { subgraph: "templates", consumer: "${CONSUMER}" }) { id } }`],
    ['mutation { cancelSyncJob(id: "templates:1") { id } }'],
    ['mutation { retryDeadLetter(id: "templates:x") { count } }'],
    ['mutation { retryDeadLetters(filter: {}) { count } }'],
    ['mutation { discardDeadLetter(id: "templates:x", reason: "no") { count } }'],
  ])('is for administrators only: %s', async (operation) => {
    const codes = async (as?: Caller) => codesOf(await app.send(operation, {}, as));
    expect([await codes(reader), await codes()]).toEqual([['FORBIDDEN'], ['UNAUTHENTICATED']]);
  });

  it.each([
    ['{ syncStatus(subgraph: "nobody") { unreachable { code } } }', 'BAD_USER_INPUT'],
    ['{ syncJobs(subgraph: "nobody") { nodes { id } } }', 'BAD_USER_INPUT'],
    ['{ deadLetters(filter: { subgraph: "nobody" }) { nodes { id } } }', 'BAD_USER_INPUT'],
    ['mutation { syncCheck(input: { subgraph: "nobody" }) { id } }', 'BAD_USER_INPUT'],
    ['mutation { syncCheck(input: { subgraph: "templates", projection: "nothing" }) { id } }', 'NOT_FOUND'],
    ['mutation { syncRebuild(input: { subgraph: "templates", projection: "nothing" }) { id } }', 'NOT_FOUND'],
    ['mutation { syncReplay(input: { subgraph: "templates", consumer: "nobody" }) { id } }', 'NOT_FOUND'],
    ['mutation { syncCheck(input: { subgraph: "templates", ids: ["a"] }) { id } }', 'BAD_USER_INPUT'],
    ['mutation { cancelSyncJob(id: "templates:999999") { id } }', 'NOT_FOUND'],
    ['mutation { cancelSyncJob(id: "elsewhere") { id } }', 'BAD_USER_INPUT'],
    ['mutation { retryDeadLetter(id: "templates:nonsense") { count } }', 'BAD_USER_INPUT'],
    ['{ syncJobs(first: 101) { nodes { id } } }', 'PAGE_LIMIT_EXCEEDED'],
    ['{ deadLetters(after: "nonsense") { nodes { id } } }', 'INVALID_CURSOR'],
  ])('refuses %s', async (operation, code) => {
    expect(codesOf(await app.send(operation, {}, admin))).toEqual([code]);
  });

  it('Y5 shows what a target refused, tries it again, or gives it up with a reason', async () => {
    await behind.vectors(`alter table {vectors} add constraint refuses check (title not like 'Venom%')`);
    const poisoned = [await create('Venom qone'), await create('Venom qtwo'), await create('Venom qthree')];
    const well = await create('Harmless qharmless');
    // The waits between attempts add up to a minute: all but the last are passed over.
    await waitFor(
      async () => {
        const sql = `update {delivery} set attempts = 7, available_at = 0 where projection = 'template-vectors' and state = 'pending' and attempts between 1 and 6`;
        await behind.record(sql);
        return (await status('(projection: "template-vectors")')).projections[0];
      },
      ({ deadLetters }) => deadLetters === 3,
      WAIT_MS,
    );
    await app.quiet();
    expect(await search('qharmless')).toEqual([well]);

    const list = (after?: string) =>
      ask(
        `query($after: String) { deadLetters(filter: { source: "template-vectors" }, first: 2, after: $after) { nodes { ${LETTER} } edges { cursor } pageInfo { hasNextPage endCursor } } }`,
        { after },
      ).then(({ deadLetters }) => deadLetters);
    const first = await list();
    const second = await list(first.pageInfo.endCursor);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
    const letters = [...first.nodes, ...second.nodes];
    expect(letters.map(({ recordId }) => recordId as string).toSorted()).toEqual(poisoned.toSorted());
    for (const letter of letters) {
      expect(letter).toMatchObject({
        subgraph: 'templates',
        kind: 'RECORD',
        source: 'template-vectors',
        type: 'Template',
        attempts: 8,
        payload: null,
      });
      expect(letter.code).toBe('STORE_CONSTRAINT');
      expect(letter.error).toContain('refuses');
    }
    const letterOf = (id: string | undefined) => letters.find(({ recordId }) => recordId === id)?.id as string;
    const [one, two, three] = poisoned.map(letterOf);
    const { deadLetter } = await ask(`query($id: ID!) { deadLetter(id: $id) { ${LETTER} } }`, { id: one });
    expect(JSON.parse(deadLetter.payload)).toMatchObject({ title: 'Venom qone' });

    const unreasoned = await app.send('mutation($id: ID!) { discardDeadLetter(id: $id, reason: " ") { count } }', { id: one }, admin);
    expect(codesOf(unreasoned)).toEqual(['BAD_USER_INPUT']);
    const discard = 'mutation($id: ID!) { discardDeadLetter(id: $id, reason: "nobody misses it") { count } }';
    expect(await ask(discard, { id: one })).toEqual({ discardDeadLetter: { count: 1 } });
    expect(await ask(discard, { id: one })).toEqual({ discardDeadLetter: { count: 0 } });

    await behind.vectors('alter table {vectors} drop constraint refuses');
    expect(await ask('mutation($id: ID!) { retryDeadLetter(id: $id) { count } }', { id: two })).toEqual({ retryDeadLetter: { count: 1 } });
    const matching = `mutation { retryDeadLetters(filter: { code: "STORE_CONSTRAINT", kind: RECORD }) { count } }`;
    expect(await ask(matching)).toEqual({ retryDeadLetters: { count: 1 } });
    await app.quiet();
    expect([await search('qone'), await search('qtwo'), await search('qthree')]).toEqual([[], [poisoned[1]], [poisoned[2]]]);
    expect(await ask('query($id: ID!) { deadLetter(id: $id) { id } }', { id: three })).toEqual({ deadLetter: null });

    const decisions =
      'query($after: String) { deadLetterDecisions(first: 2, after: $after) { nodes { action actor source recordId code reason } pageInfo { endCursor hasNextPage } } }';
    const newest = (await ask(decisions)).deadLetterDecisions;
    const oldest = (await ask(decisions, { after: newest.pageInfo.endCursor })).deadLetterDecisions;
    const common = { actor: admin.userId, source: 'template-vectors', code: 'STORE_CONSTRAINT' };
    expect([...newest.nodes, ...oldest.nodes]).toEqual([
      { ...common, action: 'RETRY', recordId: poisoned[2], reason: null },
      { ...common, action: 'RETRY', recordId: poisoned[1], reason: null },
      { ...common, action: 'DISCARD', recordId: poisoned[0], reason: 'nobody misses it' },
    ]);
    expect((await status('(projection: "template-vectors")')).projections[0]).toMatchObject({ deadLetters: 0, discarded: 1 });
    // A change of the record delivers it after all.
    await ask('mutation($id: ID!) { updateTemplate(input: { id: $id, description: "changed" }) { template { id } } }', { id: poisoned[0] });
    await app.quiet();
    expect(await search('qone')).toEqual([poisoned[0]]);
  }, 150_000);

  it('Y4 finds drift that was planted in every target, and mends it', async () => {
    await behind.loseVector(ids['missing']!);
    await behind.loseNode(ids['missing']!);
    await behind.damageVector(ids['corrupt']!);
    await behind.damageNode(ids['corrupt']!);
    const cacheIsDamaged = await behind.damageCached(ids['corrupt']!);
    await behind.record(`update {template} set name = 'Renamed qrenamed', revision = revision + 1 where id = ?`, [ids['stale']!]);
    await behind.record('delete from {template} where id = ?', [ids['orphan']!]);

    const found = await run('syncCheck', 'SyncCheckInput', {});
    expect(found).toMatchObject({ state: 'DONE', kind: 'CHECK', projection: null, progress: 1, requestedBy: admin.userId, error: null });
    expect(countsOf(found.result)).toEqual({
      'category-graph': [0, 0, 0, 0],
      'template-cache': [0, 1, 1, cacheIsDamaged ? 1 : 0],
      // In Neo4j the edges that others have to a node are lost with it: theirs are then not what was written either.
      'template-graph': [1, 1, 1, deployment.stores['NEO4J_URL'] ? expect.any(Number) : 1],
      'template-vectors': [1, 1, 1, 1],
      'user-graph': [0, 0, 0, 0],
    });
    expect(await search('qrenamed')).toEqual([]); // a check changes nothing

    expect(countsOf(found.result)['template-graph']?.[3]).toBeGreaterThanOrEqual(1);
    const one = await run('syncCheck', 'SyncCheckInput', { projection: 'template-vectors', ids: [ids['well'], ids['corrupt']] });
    expect(countsOf(one.result)).toEqual({ 'template-vectors': [0, 0, 0, 1] });

    const repaired = await run('syncRepair', 'SyncCheckInput', {});
    expect(repaired.state).toBe('DONE');
    for (const { repaired: mended, ...check } of repaired.result.projections) expect(mended).toBe(foundIn(check));
    await app.quiet();
    const after = await run('syncCheck', 'SyncCheckInput', {});
    expect(
      Object.values(countsOf(after.result))
        .flat()
        .every((count) => count === 0),
    ).toBe(true);
    expect([await search('qrenamed'), await search('qorphan'), await search('qmissing')]).toEqual([[ids['stale']], [], [ids['missing']]]);
  }, 180_000);

  it('rebuilds a projection and hands a consumer its events again', async () => {
    const rebuilt = await run('syncRebuild', 'SyncRebuildInput', { projection: 'template-graph' });
    expect(rebuilt).toMatchObject({
      state: 'DONE',
      kind: 'REBUILD',
      projection: 'template-graph',
      progress: 1,
      result: { records: 8, dead: 0 },
    });
    const replayed = await run('syncReplay', 'SyncReplayInput', { consumer: CONSUMER });
    // The bus in memory holds no event of before this process, and this consumer starts over with whole days only.
    const isHeld = Object.keys(deployment.stores).length > 0;
    expect(replayed).toMatchObject({
      kind: 'REPLAY',
      consumer: CONSUMER,
      ...(isHeld
        ? { state: 'DONE', errorCode: null }
        : { state: 'FAILED', errorCode: 'BAD_USER_INPUT', error: expect.stringContaining('can be replayed from') }),
    });
    const rows = await waitFor(
      () => behind.record<{ usage_count: number }>('select usage_count from {template_usage_daily} where template_id = ?', [ids['well']!]),
      (seen) => seen.length > 0,
      WAIT_MS,
    );
    expect(rows.map((row) => Number(row.usage_count))).toEqual([1]);
  }, 120_000);

  it('stops a job, and lists jobs in pages', async () => {
    await behind.vectors('alter table {vectors} add constraint refuses_all check (false) not valid');
    const job = await start('syncRebuild', 'SyncRebuildInput', { projection: 'template-vectors' });
    await waitFor(
      () => jobOf(job.id),
      ({ state }) => state === 'RUNNING',
      WAIT_MS,
    );
    await sleep(200); // it has work that does not end
    await ask('mutation($id: ID!) { cancelSyncJob(id: $id) { state } }', { id: job.id });
    expect(await finish(job)).toMatchObject({ state: 'CANCELLED', error: null });
    await behind.vectors('alter table {vectors} drop constraint refuses_all');

    const page = async (first: number, after?: string) =>
      (
        await ask(
          'query($first: Int, $after: String) { syncJobs(subgraph: "templates", first: $first, after: $after) { nodes { id kind } pageInfo { endCursor hasNextPage } } }',
          {
            first,
            after,
          },
        )
      ).syncJobs;
    const all = await page(100);
    expect(all.nodes.map(({ kind }: { kind: string }) => kind)).toEqual([
      'REBUILD',
      'REPLAY',
      'REBUILD',
      'CHECK',
      'REPAIR',
      'CHECK',
      'CHECK',
    ]);
    const seen: unknown[] = [];
    for (let after: string | undefined; ;) {
      const { nodes, pageInfo } = await page(3, after);
      seen.push(...nodes);
      after = pageInfo.endCursor;
      if (!pageInfo.hasNextPage) break;
    }
    expect(seen).toEqual(all.nodes);
    const { syncJobs } = await ask('{ syncJobs(kind: REBUILD, state: CANCELLED, projection: "template-vectors") { nodes { id } } }');
    expect(syncJobs.nodes).toEqual([{ id: job.id }]);
  }, 120_000);
});

interface Check {
  readonly projection: string;
  readonly missing: number;
  readonly stale: number;
  readonly orphan: number;
  readonly corrupt: number;
}

/** Missing, stale, orphan and corrupt, by projection. */
const countsOf = ({ projections }: { readonly projections: readonly Check[] }): Record<string, number[]> =>
  Object.fromEntries(projections.map(({ projection, missing, stale, orphan, corrupt }) => [projection, [missing, stale, orphan, corrupt]]));

const foundIn = ({ missing, stale, orphan, corrupt }: Check): number => missing + stale + orphan + corrupt;
