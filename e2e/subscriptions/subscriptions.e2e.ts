import { deploy, type RunningDeployment } from '../support/deploy.js';
import { deployments } from '../support/deployments.js';
import { openEvents } from '../support/open-events.js';
import { openSocket } from '../support/open-socket.js';

const author = { userId: 'author' };
const reader = { userId: 'reader', roles: ['admin'] };
const CHANGED = 'subscription($ids: [ID!]) { templateChanged(ids: $ids) { id name usage revision } }';

/** Where templates and the gateway share no bus, nothing can be told of: two embedded ones are two processes' memory. */
const sharing = deployments().filter(({ remote, stores }) => !remote || Object.keys(stores).length > 0);

for (const deployment of sharing) {
  describe(`G5 subscriptions: ${deployment.name}`, () => {
    let app: RunningDeployment;
    let categoryId: string;
    const create = async (name: string): Promise<string> => {
      const input = { name, categoryId };
      const mutation = 'mutation($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }';
      return (await app.data(mutation, { input }, author)).createTemplate.template.id as string;
    };
    const rename = (id: string, name: string): Promise<unknown> =>
      app.data(
        'mutation($id: ID!, $name: String!) { updateTemplate(input: { id: $id, name: $name }) { template { id } } }',
        { id, name },
        author,
      );

    beforeAll(async () => {
      app = await deploy(deployment);
      const category = 'mutation { createTemplateCategory(input: { slug: "live", name: "Live" }) { category { id } } }';
      categoryId = (await app.data(category, {}, reader)).createTemplateCategory.category.id;
    }, 120_000);
    afterAll(() => app?.[Symbol.asyncDispose](), 60_000);

    it('tells of every change of the templates asked for, as they are then, and of no other', async () => {
      const [one, other] = [await create('One'), await create('Other')];
      await app.quiet();
      const events = await openEvents(app.url, CHANGED, { variables: { ids: [one] } });
      expect(events.status).toBe(200);
      await rename(other, 'Elsewhere');
      await rename(one, 'First');
      await events.until(({ name }) => name === 'First', 'templateChanged');
      await app.data('mutation($id: ID!) { useTemplate(templateId: $id) { usageCount } }', { id: one }, reader);
      await events.until(({ usage }) => usage === 1, 'templateChanged');
      expect(events.seen('templateChanged').every(({ id }) => id === one)).toBe(true);
      events.close();
    }, 60_000);

    it('goes on after the last event that came, however many were missed', async () => {
      const id = await create('Resumed');
      await app.quiet();
      const first = await openEvents(app.url, CHANGED, { variables: { ids: [id] } });
      await rename(id, 'Seen');
      await first.until(({ name }) => name === 'Seen', 'templateChanged');
      const { lastEventId } = first;
      first.close();
      await rename(id, 'Missed');
      await app.quiet();
      const second = await openEvents(app.url, CHANGED, { variables: { ids: [id] }, headers: { 'last-event-id': lastEventId! } });
      await second.until(({ name }) => name === 'Missed', 'templateChanged');
      second.close();
    }, 60_000);

    it('tells of them over a WebSocket, too', async () => {
      const id = await create('Socketed');
      await app.quiet();
      const socket = await openSocket(app.url);
      socket.send({ id: '1', type: 'subscribe', payload: { query: CHANGED, variables: { ids: [id] } } });
      // Answered when what was sent before it has been taken.
      socket.send({ id: '2', type: 'subscribe', payload: { query: '{ templateCategories { slug } }' } });
      await socket.until(({ id: of, type }) => of === '2' && type === 'complete');
      for (let tries = 0, isTold = false; !isTold; tries += 1) {
        await rename(id, `Socketed ${tries}`);
        isTold = await socket.within(2_000, ({ payload }) => payload?.data?.templateChanged?.name?.startsWith('Socketed ') === true);
      }
      socket.close();
    }, 60_000);

    if (deployment.stores['NEO4J_URL'] !== undefined) {
      it('answers fields of the relationships subgraph with each event', async () => {
        const id = await create('Related');
        await app.quiet();
        const query = 'subscription($ids: [ID!]) { templateChanged(ids: $ids) { name belongsTo { name } } }';
        const events = await openEvents(app.url, query, { variables: { ids: [id] } });
        await rename(id, 'Related anew');
        await events.until(
          ({ name, belongsTo }) => name === 'Related anew' && JSON.stringify(belongsTo).includes('Live'),
          'templateChanged',
        );
        events.close();
      }, 60_000);
    }
  });
}
