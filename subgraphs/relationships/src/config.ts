import { defineConfig, port, secret, setting, text, url } from '@loomgraph/config';
import { logLevels } from '@loomgraph/telemetry';
import { z } from 'zod';

/** Settings of the relationships subgraph when it runs as its own server. */
export const relationshipsConfig = defineConfig(
  {
    host: setting({ env: 'HOST', schema: text(), default: '127.0.0.1', doc: 'Address to listen on.' }),
    port: setting({ env: 'PORT', schema: port(), default: 4002, doc: 'Port of the subgraph.' }),
    logLevel: setting({ env: 'LOG_LEVEL', schema: z.enum(logLevels), default: 'info', doc: 'debug, info, warn, error or silent.' }),
    identitySecret: setting({
      env: 'GATEWAY_IDENTITY_SECRET',
      schema: secret({ minLength: 32 }),
      doc: 'The secret the gateway signs identities with; calls it did not sign are refused.',
      secret: true,
    }),
    neo4jUrl: setting({ env: 'NEO4J_URL', schema: url('bolt', 'neo4j', 'bolt+s', 'neo4j+s'), doc: 'The graph it reads.', secret: true }),
    relationalUrl: setting({
      env: 'MYSQL_URL',
      schema: url('mysql', 'mariadb').optional(),
      doc: 'The record of the templates, looked into for sync tokens; without it an answer says that it may be stale.',
      secret: true,
    }),
    namespace: setting({ env: 'LOOM_NAMESPACE', schema: text().optional(), doc: 'The namespace the graph was written with.' }),
  },
  { title: 'Relationships subgraph' },
);
