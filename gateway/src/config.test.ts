import { loadConfig } from '@loomgraph/config';
import { gatewayConfig } from './config.js';
import { gatewaySettings } from './process/gateway-settings.js';
import { toPolicies } from './request/budgets/budget-settings.js';
import { defaultCostSettings } from './request/cost/demand.js';
import { defaultDocumentLimits } from './request/limits/document-limits.js';

describe('gatewayConfig', () => {
  it('needs nothing: everything runs in one process on the loopback address', () => {
    const config = loadConfig(gatewayConfig, {});
    expect(config).toMatchObject({
      server: { host: '127.0.0.1', port: 4000, maxBodyBytes: 1_048_576, shutdownGraceMs: 10_000 },
      subgraphs: { pollIntervalMs: 10_000, timeoutMs: 10_000 },
      graphql: { introspection: undefined, landingPage: true },
      log: { level: 'info' },
    });
    expect(config.subgraphs.templatesUrl).toBeUndefined();
  });

  it('asks for the identity secret as soon as a subgraph is remote', () => {
    const remote = { SUBGRAPH_TEMPLATES_URL: 'http://templates:4001/graphql' };
    expect(() => loadConfig(gatewayConfig, remote)).toThrow('GATEWAY_IDENTITY_SECRET: is not set');
    const config = loadConfig(gatewayConfig, { ...remote, GATEWAY_IDENTITY_SECRET: 'x'.repeat(32) });
    expect(config.subgraphs.templatesUrl).toBe(remote.SUBGRAPH_TEMPLATES_URL);
  });

  it('lists every problem at once', () => {
    const wrong = { PORT: 'http', LOG_LEVEL: 'loud', SUBGRAPH_TIMEOUT: '10', JWT_SECRET: 'short' };
    expect(() => loadConfig(gatewayConfig, wrong)).toThrow(/PORT:[^]*LOG_LEVEL:[^]*JWT_SECRET:[^]*SUBGRAPH_TIMEOUT:/);
  });

  it('traces nothing and explains by role until it is told otherwise', () => {
    const { tracing, graphql } = loadConfig(gatewayConfig, {});
    expect([tracing, graphql.explain]).toEqual([{ endpoint: undefined, serviceName: 'loomgraph-gateway', samplingRatio: 1 }, 'role']);
    const set = loadConfig(gatewayConfig, {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318',
      OTEL_TRACES_SAMPLER_ARG: '5%',
      EXPLAIN: 'public',
    });
    expect(set).toMatchObject({ tracing: { endpoint: 'http://collector:4318', samplingRatio: 0.05 }, graphql: { explain: 'public' } });
    expect(() => loadConfig(gatewayConfig, { EXPLAIN: 'all', OTEL_TRACES_SAMPLER_ARG: '2' })).toThrow(
      /OTEL_TRACES_SAMPLER_ARG:[^]*EXPLAIN:/,
    );
  });

  it('limits, costs and budgets are on until they are told otherwise, and 0 is no limit', () => {
    const config = loadConfig(gatewayConfig, {});
    const { engine, cors, maxJsonDepth, requestTimeoutMs, headersTimeoutMs } = gatewaySettings(config);
    expect(engine).toMatchObject({ limits: defaultDocumentLimits, cost: defaultCostSettings, planMemoryBytes: 2 ** 30 });
    expect({ origins: cors?.origins, maxJsonDepth, requestTimeoutMs, headersTimeoutMs }).toEqual({
      origins: [],
      maxJsonDepth: 64,
      requestTimeoutMs: 30_000,
      headersTimeoutMs: 15_000,
    });
    expect(toPolicies(config.budgets)).toEqual([
      { name: 'user', points: 5_000_000, windowMs: 60_000 },
      { name: 'address', points: 5_000_000, windowMs: 60_000 },
    ]);
    const off = loadConfig(gatewayConfig, { MAX_ALIASES: '0', MAX_COST: '0', PLAN_MEMORY: '0', BUDGET_USER: '0', BUDGET_ADDRESS: '0' });
    expect(gatewaySettings(off).engine).toMatchObject({ limits: { maxAliases: Infinity }, cost: { maxCost: Infinity } });
    expect(gatewaySettings(off).engine.planMemoryBytes).toBeUndefined();
    expect(toPolicies(off.budgets)).toEqual([]);
  });

  it('reads what roles may ask, which origins are allowed, and which networks spend nothing', () => {
    const { cost, cors, budgets } = loadConfig(gatewayConfig, {
      MAX_COST_BY_ROLE: 'admin=1000000, partner = 300',
      CORS_ORIGINS: 'https://app.example, http://localhost:3000',
      BUDGET_EXEMPT: '10.0.0.0/8,::1',
    });
    expect([...cost.maxCostByRole]).toEqual([
      ['admin', 1_000_000],
      ['partner', 300],
    ]);
    expect(cors.origins).toEqual(['https://app.example', 'http://localhost:3000']);
    expect(budgets.exempt).toEqual(['10.0.0.0/8', '::1']);
    expect(loadConfig(gatewayConfig, {}).budgets.exempt).toEqual(['127.0.0.0/8', '::1']);
    expect(loadConfig(gatewayConfig, { BUDGET_EXEMPT: 'none' }).budgets.exempt).toEqual([]);
  });

  it.each([
    [{ MAX_DEPTH: '0' }, 'MAX_DEPTH: '],
    [{ MAX_DEPTH: '501' }, 'MAX_DEPTH: '],
    [{ MAX_COST_BY_ROLE: 'admin' }, 'MAX_COST_BY_ROLE: '],
    [{ MAX_COST_BY_ROLE: 'a=1,a=2' }, 'MAX_COST_BY_ROLE: '],
    [{ BUDGET_WINDOW: '10ms' }, 'BUDGET_WINDOW: '],
    [{ BUDGET_EXEMPT: 'here' }, 'BUDGET_EXEMPT: '],
    [{ BUDGET_EXEMPT: 'none,10.0.0.1' }, 'BUDGET_EXEMPT: '],
    [{ CORS_ORIGINS: 'app.example' }, 'CORS_ORIGINS: '],
    [{ CORS_ORIGINS: 'https://app.example/' }, 'CORS_ORIGINS: '],
    [{ CORS_ORIGINS: 'https://app.example:443' }, 'CORS_ORIGINS: '],
    [{ CORS_ORIGINS: 'https://*.example' }, 'CORS_ORIGINS: '],
    [{ CORS_ORIGINS: 'null' }, 'CORS_ORIGINS: '],
    [{ CORS_ORIGINS: '*', CORS_CREDENTIALS: 'true' }, 'CORS_CREDENTIALS: cannot be true while CORS_ORIGINS is *'],
    [{ TRUSTED_DOCUMENTS_MODE: 'strict' }, 'TRUSTED_DOCUMENTS: is not set; strict mode would refuse everything'],
  ])('refuses %j', (env, message) => {
    expect(() => loadConfig(gatewayConfig, env)).toThrow(message);
  });

  it('reads where subgraphs run and which headers they are passed', () => {
    const { subgraphs } = loadConfig(gatewayConfig, {
      SUBGRAPH_URLS: 'products = http://products:4001/graphql?a=b, reviews=https://reviews',
      FORWARD_HEADERS: 'Authorization, x-tenant,authorization',
    });
    expect(subgraphs.urls).toEqual([
      { name: 'products', url: 'http://products:4001/graphql?a=b' },
      { name: 'reviews', url: 'https://reviews' },
    ]);
    expect(subgraphs.forwardHeaders).toEqual(['authorization', 'x-tenant']);
    expect(loadConfig(gatewayConfig, {}).subgraphs).toMatchObject({ urls: [], forwardHeaders: [] });
  });

  it('reads replicas, and how subgraphs are called', () => {
    const config = loadConfig(gatewayConfig, {
      SUBGRAPH_URLS: 'reviews=http://a/graphql|http://b/graphql',
      SUBGRAPH_ATTEMPTS: '1',
      SUBGRAPH_RETRY_RATIO: '10%',
      SUBGRAPH_BREAKER_OPEN: '1m',
      OPERATION_TIMEOUT: '0',
      OVERLOAD_LAG: '0',
    });
    expect(config.subgraphs.urls).toEqual([{ name: 'reviews', url: 'http://a/graphql|http://b/graphql' }]);
    const { traffic, operationTimeoutMs, overload } = gatewaySettings(config);
    expect(traffic).toMatchObject({
      retries: { maxAttempts: 1, ratio: 0.1 },
      breaker: { failuresInARow: 5, openMs: 60_000, maxOpenMs: 60_000 },
    });
    expect(operationTimeoutMs).toBeUndefined();
    expect(overload).toEqual({ maxInFlight: 10_000, maxLagMs: 0 });
  });

  it('reads OpenID providers as a list or with all there is to say about each', () => {
    const read = (OIDC_ISSUERS: string) => loadConfig(gatewayConfig, { OIDC_ISSUERS }).auth.oidcIssuers;
    expect(read('corp = https://id.example/a?b=c, lab=http://localhost:3000')).toEqual([
      { name: 'corp', issuer: 'https://id.example/a?b=c' },
      { name: 'lab', issuer: 'http://localhost:3000' },
    ]);
    const full = { name: 'corp', issuer: 'https://id', audience: 'us', roles: 'realm_access.roles', algorithms: ['RS256'] };
    expect(read(JSON.stringify([full]))).toEqual([full]);
    expect(loadConfig(gatewayConfig, {}).auth).toMatchObject({
      oidcIssuers: [],
      oidcAudience: 'loomgraph',
      staleRevocations: 'refuse',
      unauthorized: 'cut',
    });
  });

  it.each([
    'https://id.example',
    'corp=id.example',
    'a b=https://id',
    'corp=https://id,corp=https://other',
    'a=https://id,b=https://id',
    '[{"name":"corp"}]',
    '[{"name":"corp","issuer":"https://id","secret":"x"}]',
    '[{"name":"corp","issuer":"https://id","algorithms":["HS256"]}]',
    '[{"name":"corp","issuer":"https://id","algorithms":[]}]',
    '[broken',
  ])('refuses OIDC_ISSUERS=%s', (OIDC_ISSUERS) => {
    expect(() => loadConfig(gatewayConfig, { OIDC_ISSUERS })).toThrow('OIDC_ISSUERS:');
  });

  it('reads who may read the schema, in the words of before, too', () => {
    const read = (INTROSPECTION: string) => loadConfig(gatewayConfig, { INTROSPECTION }).graphql.introspection;
    expect(['public', 'authenticated', 'role', 'off', 'true', 'false'].map(read)).toEqual([
      'public',
      'authenticated',
      'role',
      'off',
      'public',
      'off',
    ]);
    expect(() => read('some')).toThrow('INTROSPECTION:');
    const of = (env: Record<string, string>) => gatewaySettings(loadConfig(gatewayConfig, env)).engine.introspection;
    expect([
      of({}),
      of({ JWKS_URL: 'https://id/jwks' }),
      of({ OIDC_ISSUERS: 'a=https://id' }),
      of({ OIDC_ISSUERS: 'a=https://id', INTROSPECTION: 'off' }),
    ]).toEqual(['public', 'authenticated', 'authenticated', 'off']);
  });

  it.each([
    ['SUBGRAPH_URLS', 'products'],
    ['SUBGRAPH_URLS', 'products=ftp://x'],
    ['SUBGRAPH_URLS', '=http://x'],
    ['SUBGRAPH_URLS', 'a=http://x,a=http://y'],
    ['SUBGRAPH_URLS', 'a=http://x|'],
    ['SUBGRAPH_ACCOUNTS_URL', 'http://x|ftp://y'],
    ['SUBGRAPH_ATTEMPTS', '0'],
    ['FORWARD_HEADERS', 'content-length'],
    ['FORWARD_HEADERS', 'x tenant'],
    ['FORWARD_HEADERS', 'X-Loom-Identity'],
    ['FORWARD_HEADERS', 'x-loom-timeout-ms'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => loadConfig(gatewayConfig, { [name]: value })).toThrow(`${name}: "${value}" does not fit; expected `);
  });
});
