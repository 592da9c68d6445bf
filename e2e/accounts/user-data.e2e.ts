import { waitFor } from '@loomgraph/testing';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { OutboxRow } from '@loomgraph/sync';
import { admin, deploy, type Caller, type RunningDeployment } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';

const EXPORT = `query($id: ID!) { userExport(id: $id) { state sizeBytes downloadUrl errorCode } }`;
const AUDIT = `query($filter: AuditFilterInput) { auditLog(filter: $filter, first: 50) { nodes { action outcome reason actorId details { name value } } } }`;
/** What of a user stays, by id alone: who did what, and that their tokens are good for nothing any more. */
const KEPT = ['audit_record', 'revocation'];

// Events must reach the other subgraph: an embedded one of its own process hears none.
const reachable = deployments().filter(({ remote, stores }) => !remote || Object.keys(stores).length > 0);

describe.each(reachable)('C6 the data of a user: $name', (deployment) => {
  let app: RunningDeployment;
  let templateId: string;
  let userId: string;
  let user: Caller;
  const EMAIL = 'ann.example@example.com';

  beforeAll(async () => {
    app = await deploy(deployment);
    await app.data(
      `mutation { register(input: { email: "${EMAIL}", password: "correct horse battery", displayName: "Ann Example" }) { email } }`,
    );
    await app.accounts.idle();
    const token = app.accounts.outbox.findLast(({ to }) => to === EMAIL)?.token;
    userId = (await app.data(`mutation($token: String!) { verifyEmail(token: $token) { user { id } } }`, { token })).verifyEmail.user.id;
    user = { userId };
    const category = `mutation { createTemplateCategory(input: { slug: "own", name: "Own" }) { category { id } } }`;
    const categoryId = (await app.data(category, {}, admin)).createTemplateCategory.category.id;
    const create = `mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }`;
    templateId = (await app.data(create, { input: { name: 'Hers', categoryId } }, user)).createTemplate.template.id;
    const rate = `mutation($input: RateTemplateInput!) { rateTemplate(input: $input) { template { id } } }`;
    await app.data(rate, { input: { templateId, rating: 5, review: 'What Ann wrote' } }, user);
    await app.data(rate, { input: { templateId, rating: 2 } }, { userId: 'somebody-else' });
    await app.data(`mutation($id: ID!) { useTemplate(templateId: $id) { template { id } } }`, { id: templateId }, user);
    await app.data('mutation { createResume(input: { title: "Ann Example, engineer" }) { resume { id } } }', {}, user);
    await app.quiet();
  }, 180_000);
  afterAll(() => app[Symbol.asyncDispose](), 60_000);

  const entries = async (filter: object): Promise<any[]> => (await app.data(AUDIT, { filter }, admin)).auditLog.nodes; // eslint-disable-line

  it('is handed out in one file, from every subgraph, through a link', async () => {
    const { exportUserData } = await app.data('mutation { exportUserData { export { id state } } }', {}, user);
    const { id } = exportUserData.export;
    const done = await waitFor(
      async () => (await app.data(EXPORT, { id }, user)).userExport,
      ({ state }) => state !== 'COLLECTING',
      60_000,
    );
    expect(done).toMatchObject({ state: 'DONE', errorCode: null });
    const link = new URL(done.downloadUrl);
    // The process that is tested took a free port.
    const response = await fetch(link.pathname.startsWith('/objects/') ? `${app.url}${link.pathname}${link.search}` : link);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-disposition')).toContain(`user-data-${id}.json`);
    const file = (await response.json()) as any; // eslint-disable-line
    expect(file).toMatchObject({
      userId,
      accounts: { profile: [{ id: userId, email: EMAIL, displayName: 'Ann Example' }] },
      templates: {
        ratings: [{ templateId, rating: 5, review: 'What Ann wrote' }],
        usages: [{ templateId, count: 1 }],
        templates: [{ id: templateId, name: 'Hers' }],
      },
      resumes: { resumes: [{ title: 'Ann Example, engineer', versions: [] }] },
    });
    expect(JSON.stringify(file)).not.toContain('passwordHash');
    const stranger = await app.send(EXPORT, { id }, { userId: 'somebody-else' });
    expect(stranger.errors?.[0]?.extensions['code']).toBe('NOT_FOUND');
    expect(await entries({ action: 'users.export' })).toMatchObject([{ actorId: userId, outcome: 'ALLOWED' }]);
  });

  it('denials in other subgraphs reach the audit log', async () => {
    const answer = await app.send(
      `mutation($id: ID!) { deleteTemplate(id: $id) { deletedId } }`,
      { id: templateId },
      { userId: 'mallory' },
    );
    expect(answer.errors?.[0]?.extensions['code']).toBe('FORBIDDEN');
    const denied = await waitFor(
      () => entries({ actorId: 'mallory' }),
      (all) => all.length > 0,
      30_000,
    );
    expect(denied).toMatchObject([{ action: 'mutation.deleteTemplate', outcome: 'DENIED', reason: 'FORBIDDEN' }]);
    expect(denied[0].details).toContainEqual({ name: 'subgraph', value: 'templates' });
  });

  it('goes from every store when the user is erased; the audits find nothing left', async () => {
    const erase = 'mutation($input: EraseUserInput!) { eraseUser(input: $input) { erasedId } }';
    await app.data(erase, { input: { userId } }, admin);
    const template = `query($id: ID!) { template(id: $id) { createdBy rating ratingCount usage } }`;
    await waitFor(
      async () => (await app.data(template, { id: templateId })).template,
      ({ createdBy }) => createdBy === 'erased',
      60_000,
    );
    expect((await app.data(template, { id: templateId })).template).toEqual({ createdBy: 'erased', rating: 2, ratingCount: 1, usage: 1 });
    await app.quiet();
    if (!(await app.accounts.relay.whenQuiet(30_000))) throw new Error('accounts is not quiet.');

    const graph = await app.stores.graph(['Template', 'Category', 'User', 'Account']);
    expect(await graph.node('User', userId)).toBeNull();
    expect(await graph.node('Account', userId)).toBeNull();
    for (const name of ['templates', 'accounts', 'resumes']) {
      const store = await app.stores.relational({ name, entities: [OutboxRow], migrations: [] });
      const left = await waitFor(
        () => tablesWith(store, [userId, EMAIL, 'Ann Example', 'What Ann wrote']),
        (tables) => tables.every((table) => KEPT.includes(table)),
        30_000,
      );
      expect([name, left.filter((table) => !KEPT.includes(table))]).toEqual([name, []]);
    }
    const objects = await app.stores.objects();
    const prefix = Object.keys(deployment.stores).length > 0 ? `${app.namespace}/exports/` : 'exports/';
    await waitFor(
      () => objects.list(prefix, { limit: 10 }),
      (files) => files.length === 0,
      30_000,
    );

    const check = `mutation { syncCheck(input: { subgraph: "templates", depth: CONTENT }) { id } }`;
    const { id } = (await app.data(check, {}, admin)).syncCheck;
    const job = await waitFor(
      async () => (await app.data('query($id: ID!) { syncJob(id: $id) { state result } }', { id }, admin)).syncJob,
      ({ state }) => state === 'DONE' || state === 'FAILED',
      60_000,
    );
    expect(job.state).toBe('DONE');
    for (const { projection, missing, orphan, stale, corrupt } of job.result.projections)
      expect([projection, missing, orphan, stale, corrupt]).toEqual([projection, 0, 0, 0, 0]);

    const later = await app.send(`mutation($id: ID!) { useTemplate(templateId: $id) { template { id } } }`, { id: templateId }, user);
    expect(later.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    expect(await entries({ action: 'users.erase' })).toMatchObject([{ actorId: admin.userId, outcome: 'ALLOWED' }]);
    const { verifyAuditLog } = await app.data('{ verifyAuditLog { intact found } }', {}, admin);
    expect(verifyAuditLog).toEqual({ intact: true, found: 0 });
  });
});

/** The tables of a record in which any of the texts stands, in whichever column. */
async function tablesWith(store: RelationalStore, texts: readonly string[]): Promise<readonly string[]> {
  const qualified = store.table('outbox');
  const schema = /^["`](.+?)["`]\./.exec(qualified)?.[1];
  const tables = await store
    .read()
    .execute<{ name: string }[]>(
      `select table_name as name from information_schema.tables where table_schema = ${schema === undefined ? 'database()' : '?'}`,
      schema === undefined ? [] : [schema],
    );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await store.read().execute<object[]>(`select * from ${store.table(name)}`);
    const dump = JSON.stringify(rows);
    if (texts.some((text) => dump.includes(text))) found.push(name);
  }
  return found;
}
