import { defineConfig, list, port, secret, setting, storeSettings, text } from '@loomgraph/config';
import { logLevels } from '@loomgraph/telemetry';
import { z } from 'zod';

/** Settings of the operations subgraph when it runs as its own server. */
export const operationsConfig = defineConfig(
  {
    host: setting({ env: 'HOST', schema: text(), default: '127.0.0.1', doc: 'Address to listen on.' }),
    port: setting({ env: 'PORT', schema: port(), default: 4003, doc: 'Port of the subgraph.' }),
    logLevel: setting({ env: 'LOG_LEVEL', schema: z.enum(logLevels), default: 'info', doc: 'debug, info, warn, error or silent.' }),
    identitySecret: setting({
      env: 'GATEWAY_IDENTITY_SECRET',
      schema: secret({ minLength: 32 }),
      doc: 'The secret the gateway signs identities with; calls it did not sign are refused.',
      secret: true,
    }),
    subgraphs: setting({
      env: 'OPERATIONS_SUBGRAPHS',
      schema: list(),
      default: 'accounts,templates,resumes',
      doc: 'The subgraphs with a system of record whose sync engine is shown and commanded.',
    }),
    stores: storeSettings,
  },
  { title: 'Operations subgraph' },
);
