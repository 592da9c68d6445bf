import { byteSize, defineConfig, duration, flag, port, secret, setting, text, url, type ConfigOf } from '@loomgraph/config';
import { logLevels } from '@loomgraph/telemetry';
import { z } from 'zod';

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
      instance: setting({ env: 'INSTANCE', schema: text(), default: 'gateway', doc: 'Name of this process in logs and health reports.' }),
    },
    log: {
      level: setting({ env: 'LOG_LEVEL', schema: z.enum(logLevels), default: 'info', doc: 'debug, info, warn, error or silent.' }),
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
      identitySecret: setting({
        env: 'GATEWAY_IDENTITY_SECRET',
        schema: secret({ minLength: MIN_SECRET_CHARACTERS }).optional(),
        doc: 'Signs who asks in every request to a remote subgraph; the subgraphs hold the same secret.',
        secret: true,
      }),
    },
    subgraphs: {
      templatesUrl: setting({
        env: 'SUBGRAPH_TEMPLATES_URL',
        schema: url('http', 'https').optional(),
        doc: 'Where the templates subgraph runs; not set, it runs in this process.',
      }),
      relationshipsUrl: setting({
        env: 'SUBGRAPH_RELATIONSHIPS_URL',
        schema: url('http', 'https').optional(),
        doc: 'Where the relationships subgraph runs; not set, it runs in this process where Neo4j is configured.',
      }),
      timeoutMs: setting({
        env: 'SUBGRAPH_TIMEOUT',
        schema: duration({ minMs: 1 }),
        default: '10s',
        doc: 'How long a remote subgraph may take over one answer.',
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
        doc: 'How often the schemas of remote subgraphs are read again.',
      }),
    },
    graphql: {
      introspection: setting({ env: 'INTROSPECTION', schema: flag(), default: true, doc: 'Whether clients may read the schema.' }),
      landingPage: setting({ env: 'LANDING_PAGE', schema: flag(), default: true, doc: 'Whether browsers are shown GraphiQL at /graphql.' }),
    },
  },
  {
    title: 'Gateway',
    rules: [
      ({ subgraphs, auth }) =>
        (subgraphs.templatesUrl ?? subgraphs.relationshipsUrl) !== undefined && auth.identitySecret === undefined
          ? 'GATEWAY_IDENTITY_SECRET: is not set; a remote subgraph (SUBGRAPH_*_URL) accepts only requests signed with it'
          : undefined,
    ],
  },
);

export type GatewayConfig = ConfigOf<(typeof gatewayConfig)['shape']>;

/**
 * Keeps `@apollo/gateway` from sending usage data to its vendor. The library reads this variable in its constructor and offers
 * no option; a deployment that wants to send the data can set the variable to `false` itself.
 */
export function optOutOfApolloTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] ??= 'true';
}
