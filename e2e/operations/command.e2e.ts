import { signDevelopmentToken } from '@loomgraph/auth';
import { waitFor } from '@loomgraph/testing';
import { admin, deploy, SECRET, type RunningDeployment } from '../support/deploy.js';
import { deployments, type Deployment } from '../support/deployments.js';
import { runTool, type Ran } from '../support/run-tool.js';
import { goBehindTheBack, type BehindTheBack } from './behind-the-back.js';

const RUN_MS = 60_000;

const sync = (arguments_: readonly string[], env?: Record<string, string>) => runTool('sync', arguments_, env);

/** Needs the built workspaces, as the command does. */
describe('npm run sync', () => {
  const deployment = deployments()[0] as Deployment; // the embedded one is always there
  let app: RunningDeployment;
  let behind: BehindTheBack;
  let categoryId: string;
  let well: string;

  const create = async (name: string): Promise<string> => {
    const mutation = 'mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }';
    return (await app.data(mutation, { input: { name, categoryId } }, admin)).createTemplate.template.id as string;
  };
  const ask = (...arguments_: string[]) => sync([...arguments_, '--url', app.url]);
  const json = async (...arguments_: string[]) => {
    const { code, out, err } = await ask(...arguments_, '--json');
    expect(err).toBe('');
    return { code, answer: JSON.parse(out) };
  };

  beforeAll(async () => {
    app = await deploy(deployment);
    const category = 'mutation { createTemplateCategory(input: { slug: "cli", name: "Commanded" }) { category { id } } }';
    categoryId = (await app.data(category, {}, admin)).createTemplateCategory.category.id;
    well = await create('Corrupt');
    await app.quiet();
    behind = await goBehindTheBack(app, deployment);
    const audits = '{ syncStatus { projections { lastAudit { checked } } } }';
    await waitFor(
      () => app.data(audits, {}, admin),
      ({ syncStatus }) => syncStatus.projections.every((one: { lastAudit: unknown }) => one.lastAudit !== null),
      RUN_MS,
    );
  }, 150_000);
  afterAll(async () => {
    await behind?.[Symbol.asyncDispose]();
    await app?.[Symbol.asyncDispose]();
  }, 60_000);

  it('shows the state as a table, or as JSON', async () => {
    const { code, out, err } = await ask('status');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/subgraph.*projection.*target.*behind.*lag.*coverage.*drift.*dead letters/);
    expect(out).toMatch(/templates.*template-vectors.*vectors.*0.*0\.0 s/);
    expect(out).toMatch(/templates.*templates-usage-rollup/);
    const { answer } = await json('status', '--subgraph', 'templates');
    expect(answer.projections).toHaveLength(5);
    expect(answer.unreachable).toEqual([]);
  }, 90_000);

  it('ends with 1 while there is drift, and with 0 once it is repaired', async () => {
    await behind.damageVector(well);
    const check = await json('check', '--projection', 'template-vectors');
    expect(check.code).toBe(1);
    expect(check.answer.result.projections).toMatchObject([{ projection: 'template-vectors', checked: 1, corrupt: 1 }]);
    const repair = await ask('repair');
    expect(repair).toMatchObject({ code: 0, err: '' });
    expect(repair.out).toMatch(/projection.*checked.*missing.*stale.*orphan.*corrupt.*repaired/);
    expect(await ask('check')).toMatchObject({ code: 0, err: '' });
    expect((await ask('rebuild', 'template-graph', '--changed-only')).out).toBe('✓ 1 records\n');
    const { code, out } = await ask('jobs', '--first', '2');
    expect([code, out.match(/REBUILD|CHECK|REPAIR/g)]).toEqual([0, ['REBUILD', 'CHECK']]);
  }, 180_000);

  it('lists dead letters, tries them again, and gives them up', async () => {
    await behind.vectors(`alter table {vectors} add constraint refuses check (title not like 'Venom%')`);
    const [one, two] = [await create('Venom one'), await create('Venom two')];
    await waitFor(
      async () => {
        const sql = `update {delivery} set attempts = 7, available_at = 0 where state = 'pending' and attempts between 1 and 6`;
        await behind.record(sql);
        return (await app.data('{ deadLetters { nodes { recordId } } }', {}, admin)).deadLetters.nodes.length;
      },
      (count) => count === 2,
      RUN_MS,
    );
    const listed = await ask('dead-letters');
    expect(listed.code).toBe(1);
    expect(listed.out).toContain('STORE_CONSTRAINT');
    const { answer } = await json('dead-letters', 'list', '--source', 'template-vectors');
    const idOf = (recordId: string): string => answer.nodes.find((node: { recordId: string }) => node.recordId === recordId).id;
    expect((await ask('dead-letters', 'show', idOf(one))).out).toContain('"title":"Venom one"');
    expect(await ask('dead-letters', 'discard', idOf(one), '--reason', 'a test')).toMatchObject({ code: 0, out: '1 given up.\n' });
    await behind.vectors('alter table {vectors} drop constraint refuses');
    expect(await ask('dead-letters', 'retry', idOf(two))).toMatchObject({ code: 0, out: '1 tried again.\n' });
    expect(await ask('dead-letters', 'retry', idOf(two))).toMatchObject({ code: 1, out: '0 tried again.\n' });
    await app.quiet();
    expect(await ask('dead-letters')).toMatchObject({ code: 0, out: 'No dead letters.\n' });
  }, 180_000);

  it('ends with 2 and says what is wrong with the arguments', async () => {
    expect(await ask('dead-letters', 'discard', 'x')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('--reason') });
    expect(await ask('polish')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('unknown command') });
    expect((await sync([])).code).toBe(2);
  }, 90_000);

  it('ends with 1 and says in one line what the gateway refuses, or that there is none', async () => {
    const refused = async (ran: Promise<Ran>) => {
      const { code, out, err } = await ran;
      expect([code, out, err.trim().split('\n').length]).toEqual([1, '', 1]);
      return err.trim();
    };
    expect(await refused(ask('check', '--projection', 'nothing'))).toMatch(/^sync: NOT_FOUND: There is no projection "nothing" here\.$/);
    expect(await refused(ask('check', '--subgraph', 'nobody'))).toMatch(/^sync: BAD_USER_INPUT: "nobody" has no sync engine/);
    expect(await refused(sync(['status', '--url', 'http://127.0.0.1:1']))).toMatch(
      /^sync: No gateway answers at http:\/\/127\.0\.0\.1:1; is it running/,
    );
    const token = await signDevelopmentToken({ secret: SECRET, userId: 'reader', roles: [] });
    expect(await refused(ask('status', '--token', token))).toMatch(/^sync: FORBIDDEN: /);
  }, 120_000);
});
