import { createLexicalEmbedder } from '@loomgraph/ai';
import { freezeIdentity } from '@loomgraph/auth';
import { createStoreSet } from '@loomgraph/stores';
import { createMetrics, silentLogger } from '@loomgraph/telemetry';
import { createLocalHost } from '@loomgraph/testing';
import { createTemplatesSubgraph } from '../src/app.js';

const RATE = 'mutation($id: ID!) { rateTemplate(input: { templateId: $id, rating: 4 }) { rating { rating } } }';
const WITHDRAW = 'mutation($id: ID!) { withdrawTemplateRating(templateId: $id) { template { id } } }';
const USE = 'mutation($id: ID!) { useTemplate(templateId: $id) { usageCount } }';
const CREATE = 'mutation($categoryId: ID!) { createTemplate(input: { name: "Own", categoryId: $categoryId }) { template { name } } }';

// A key that may only read could rate and use templates in the name of its user: these asked for a caller, not for a permission.
describe('A1 an API key at the templates subgraph', () => {
  it('changes what its scopes name, and nothing else', async () => {
    await using opened = new AsyncDisposableStack();
    const stores = opened.use(createStoreSet({ urls: {}, dataDir: 'memory://' }));
    const subgraph = opened.use(
      await createTemplatesSubgraph({
        stores,
        embedder: createLexicalEmbedder({ dimensions: 64 }),
        logger: silentLogger,
        metrics: createMetrics(),
      }),
    );
    const host = createLocalHost(subgraph);
    const { id: categoryId } = await subgraph.categories.create({ slug: 'keys', name: 'Keys' });
    const { id } = await subgraph.templates.create({ name: 'T', categoryId }, { userId: 'author', isAdmin: false });
    const at = new Date();
    const codeOf = async (query: string, scopes: readonly string[] | 'person') => {
      const key = scopes === 'person' ? {} : { apiKeyId: 'key-1', scopes };
      const identity = freezeIdentity({ userId: 'u1', roles: [], scopes: [], issuedAt: at, expiresAt: at, ...key });
      const { errors } = await host.execute({ query, variables: { id, categoryId }, request: { identity, requestId: 'r' } });
      return errors?.[0]?.extensions['code'];
    };
    for (const query of [RATE, WITHDRAW, USE, CREATE])
      expect([query, await codeOf(query, ['template:read'])]).toEqual([query, 'FORBIDDEN']);
    const scopeOf = { [RATE]: 'template:rate', [WITHDRAW]: 'template:rate', [USE]: 'template:use', [CREATE]: 'template:create' };
    for (const [query, scope] of Object.entries(scopeOf)) expect([query, await codeOf(query, [scope])]).toEqual([query, undefined]);
    for (const query of [RATE, WITHDRAW, USE, CREATE]) expect([query, await codeOf(query, 'person')]).toEqual([query, undefined]);
  }, 60_000);
});
