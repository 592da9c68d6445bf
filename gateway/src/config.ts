import { byteSize, defineConfig, duration, flag, integer, port, ratio, secret, setting, text, url, type ConfigOf } from '@loomgraph/config';
import { logLevels } from '@loomgraph/telemetry';
import { z } from 'zod';
import { corsProblem, corsSettings } from './http/cors-settings.js';
import { explainSettings } from './explain/explain-setting.js';
import { liveSettings } from './live/live-setting-definitions.js';
import { plannerSettings } from './planning/planner-setting.js';
import { budgetSettings } from './request/budgets/budget-settings.js';
import { costSettings } from './request/cost/cost-settings.js';
import { trustProblem, trustSettings } from './request/trusted-documents/trust-settings.js';
import { limitSettings } from './request/limits/limit-settings.js';
import { unauthorizedSettings } from './authorization/unauthorized-setting.js';
import { staleRevocationSettings } from './request/identity.js';
import { overloadSettings } from './http/overload-settings.js';
import { trafficSettings } from './subgraphs/traffic/traffic-config.js';
import { headerNames, introspection, networks, oidcIssuers, subgraphAddress, subgraphUrls } from './setting-types.js';

const MIN_SECRET_CHARACTERS = 32;

/** Everything that can be set on the gateway's process; the stores' URLs are declared by their own packages. */
export const gatewayConfig = defineConfig(
  {
    server: {
      host: setting({ env: 'HOST', schema: text(), default: '127.0.0.1', doc: 'Address to listen on; 0.0.0.0 for every interface.' }),
      port: setting({ env: 'PORT', schema: port(), default: 4000, doc: 'Port of the GraphQL endpoint; 0 takes a free one.' }),
      maxBodyBytes: setting({ env: 'BODY_LIMIT', schema: byteSize({ minBytes: 1_024 }), default: '1mb', doc: 'Largest request body.' }),
      shutdownGraceMs: setting({
        env: 'SHUTDOWN_GRACE',
        schema: duration(),
        default: '10s',
        doc: 'How long a shutdown waits for requests in flight before it cuts them off.',
      }),
      trustedProxies: setting({
        env: 'TRUSTED_PROXIES',
        schema: networks(),
        default: '',
        doc: 'Proxies in front of this process, as addresses or networks with commas between; only from them is X-Forwarded-For believed.',
      }),
      instance: setting({ env: 'INSTANCE', schema: text(), default: 'gateway', doc: 'Name of this process in logs and health reports.' }),
    },
    log: {
      level: setting({ env: 'LOG_LEVEL', schema: z.enum(logLevels), default: 'info', doc: 'debug, info, warn, error or silent.' }),
    },
    tracing: {
      endpoint: setting({
        env: 'OTEL_EXPORTER_OTLP_ENDPOINT',
        schema: url('http', 'https').optional(),
        doc: 'OpenTelemetry receiver (OTLP over HTTP) that traces are sent to; not set, nothing is traced.',
      }),
      serviceName: setting({
        env: 'OTEL_SERVICE_NAME',
        schema: text(),
        default: 'loomgraph-gateway',
        doc: 'Name of this process in traces.',
      }),
      samplingRatio: setting({
        env: 'OTEL_TRACES_SAMPLER_ARG',
        schema: ratio(),
        default: '1',
        doc: 'How many of the traces that begin here are recorded; the others follow the decision in their `traceparent`.',
      }),
    },
    auth: {
      jwtSecret: setting({
        env: 'JWT_SECRET',
        schema: secret({ minLength: MIN_SECRET_CHARACTERS }).optional(),
        doc: 'Verifies access tokens signed with HS256.',
        secret: true,
      }),
      jwksUrl: setting({
        env: 'JWKS_URL',
        schema: url('http', 'https').optional(),
        doc: 'Where the token issuer publishes its public keys; verifies access tokens signed with RS, PS, ES or EdDSA.',
      }),
      oidcIssuers: setting({
        env: 'OIDC_ISSUERS',
        schema: oidcIssuers(),
        default: '',
        doc: 'OpenID providers whose access tokens are accepted, too: name=https://issuer with commas between, or JSON with audience, roles (the claim that holds them) and algorithms of each. Their users are called name:subject.',
      }),
      oidcAudience: setting({
        env: 'OIDC_AUDIENCE',
        schema: text(),
        default: 'loomgraph',
        doc: 'What tokens of OIDC_ISSUERS must be made for (`aud`), where an issuer says nothing else.',
      }),
      revocationUrl: setting({
        env: 'REVOCATION_URL',
        schema: text().optional(),
        doc: 'Redis through which a gateway with SUPERGRAPH learns what access was taken back; the product uses its own cache.',
        secret: true,
      }),
      staleRevocations: setting({
        env: 'STALE_REVOCATIONS',
        schema: z.enum(staleRevocationSettings),
        default: 'refuse',
        doc: 'What callers with a token get while it cannot be read which access was taken back: refuse (503), or accept.',
      }),
      unauthorized: setting({
        env: 'UNAUTHORIZED_FIELDS',
        schema: z.enum(unauthorizedSettings),
        default: 'cut',
        doc: 'What happens to an operation with fields its caller may not have: cut (the rest is answered, with an error for each), or refuse.',
      }),
      identitySecret: setting({
        env: 'GATEWAY_IDENTITY_SECRET',
        schema: secret({ minLength: MIN_SECRET_CHARACTERS }).optional(),
        doc: 'Signs who asks in every request to a remote subgraph; the subgraphs hold the same secret.',
        secret: true,
      }),
    },
    supergraph: {
      location: setting({
        env: 'SUPERGRAPH',
        schema: text().optional(),
        doc: 'File or URL of a supergraph that was composed elsewhere. Set: this process serves it alone, without stores and without subgraphs of its own.',
      }),
      token: setting({
        env: 'SUPERGRAPH_TOKEN',
        schema: secret().optional(),
        doc: 'Sent as bearer token to the URL of the supergraph.',
        secret: true,
      }),
    },
    subgraphs: {
      urls: setting({
        env: 'SUBGRAPH_URLS',
        schema: subgraphUrls(),
        default: '',
        doc: 'Where subgraphs run: name=url, with commas between; URLs of several replicas with | between. With SUPERGRAPH, instead of the routing URLs written in it; without, these subgraphs join those of the product.',
      }),
      accountsUrl: setting({
        env: 'SUBGRAPH_ACCOUNTS_URL',
        schema: subgraphAddress().optional(),
        doc: 'Where the accounts subgraph runs, replicas with | between; not set, it runs in this process.',
      }),
      templatesUrl: setting({
        env: 'SUBGRAPH_TEMPLATES_URL',
        schema: subgraphAddress().optional(),
        doc: 'Where the templates subgraph runs, replicas with | between; not set, it runs in this process.',
      }),
      relationshipsUrl: setting({
        env: 'SUBGRAPH_RELATIONSHIPS_URL',
        schema: subgraphAddress().optional(),
        doc: 'Where the relationships subgraph runs, replicas with | between; not set, it runs in this process where Neo4j is configured.',
      }),
      resumesUrl: setting({
        env: 'SUBGRAPH_RESUMES_URL',
        schema: subgraphAddress().optional(),
        doc: 'Where the resumes subgraph runs, replicas with | between; not set, it runs in this process.',
      }),
      timeoutMs: setting({
        env: 'SUBGRAPH_TIMEOUT',
        schema: duration({ minMs: 1 }),
        default: '10s',
        doc: 'How long a replica of a remote subgraph may take over one answer.',
      }),
      startupWaitMs: setting({
        env: 'SUBGRAPH_STARTUP_WAIT',
        schema: duration(),
        default: '30s',
        doc: 'How long a start waits for remote subgraphs that do not answer yet.',
      }),
      pollIntervalMs: setting({
        env: 'SUPERGRAPH_POLL_INTERVAL',
        schema: duration({ minMs: 100 }),
        default: '10s',
        doc: 'How often the schemas of remote subgraphs, or a supergraph from a file or URL, are read again.',
      }),
      forwardHeaders: setting({
        env: 'FORWARD_HEADERS',
        schema: headerNames(),
        default: '',
        doc: "Headers of the client's request that are passed on to remote subgraphs, with commas between: authorization,x-tenant.",
      }),
    },
    traffic: trafficSettings,
    overload: overloadSettings,
    limits: limitSettings,
    cost: costSettings,
    budgets: budgetSettings,
    subscriptions: liveSettings,
    trust: trustSettings,
    cors: corsSettings,
    graphql: {
      planner: setting({
        env: 'QUERY_PLANNER',
        schema: z.enum(plannerSettings),
        default: 'auto',
        doc: 'Who plans operations: hive, apollo, stepwise, or auto, which takes the fastest one that plans the operation rightly.',
      }),
      planTimeoutMs: setting({
        env: 'PLAN_TIMEOUT',
        schema: duration({ minMs: 1 }),
        default: '5s',
        doc: 'How long planning one operation may take.',
      }),
      cacheBytes: setting({
        env: 'OPERATION_CACHE_SIZE',
        schema: byteSize(),
        default: '100mb',
        doc: 'Memory for operations that are parsed, validated, planned and compiled.',
      }),
      coalescing: setting({
        env: 'COALESCING',
        schema: flag(),
        default: true,
        doc: 'Whether identical queries of the same caller that are in flight together share one execution.',
      }),
      fetchSharing: setting({
        env: 'FETCH_SHARING',
        schema: flag(),
        default: true,
        doc: 'Whether identical fetches from remote subgraphs, of queries of the same caller that are in flight together, share one answer.',
      }),
      maskErrors: setting({
        env: 'MASK_ERRORS',
        schema: flag(),
        default: true,
        doc: 'Whether errors whose code is not in docs/errors.md are hidden from clients.',
      }),
      csrfPrevention: setting({
        env: 'CSRF_PREVENTION',
        schema: flag(),
        default: true,
        doc: "Whether GET requests that another site's page could cause are refused.",
      }),
      maxBatchSize: setting({
        env: 'MAX_BATCH_SIZE',
        schema: integer({ min: 0 }),
        default: 0,
        doc: 'How many operations one request may hold; 0 refuses batches.',
      }),
      persistedOperationBytes: setting({
        env: 'PERSISTED_OPERATIONS_SIZE',
        schema: byteSize(),
        default: '20mb',
        doc: 'Memory for operations that clients send by their hash (automatic persisted queries).',
      }),
      explain: setting({
        env: 'EXPLAIN',
        schema: z.enum(explainSettings),
        default: 'role',
        doc: 'Who may ask for the plan and timing of a request (`extensions.explain`): role (callers with the role admin or explain), public or off.',
      }),
      introspection: setting({
        env: 'INTROSPECTION',
        schema: introspection().optional(),
        doc: 'Who may read the schema: public, authenticated, role (callers with the role admin or introspection) or off. Not set: public while only development tokens are verified, else authenticated.',
      }),
      recordOperations: setting({
        env: 'RECORD_OPERATIONS',
        schema: text().optional(),
        doc: 'File to which every distinct valid operation is written once, a line of JSON each, for `npm run schema -- check --operations`.',
      }),
      landingPage: setting({ env: 'LANDING_PAGE', schema: flag(), default: true, doc: 'Whether browsers are shown GraphiQL at /graphql.' }),
    },
  },
  {
    title: 'Gateway',
    rules: [
      ({ cors }) => corsProblem(cors),
      ({ trust }) => trustProblem(trust),
      ({ subgraphs, auth }) =>
        (subgraphs.accountsUrl ?? subgraphs.templatesUrl ?? subgraphs.relationshipsUrl ?? subgraphs.resumesUrl) !== undefined &&
        auth.identitySecret === undefined
          ? 'GATEWAY_IDENTITY_SECRET: is not set; a remote subgraph (SUBGRAPH_*_URL) accepts only requests signed with it'
          : undefined,
    ],
  },
);

export type GatewayConfig = ConfigOf<(typeof gatewayConfig)['shape']>;
