import { aiSettings, defineConfig, port, resumesRules, resumesSettings, secret, setting, storeSettings, text } from '@loomgraph/config';
import { logLevels } from '@loomgraph/telemetry';
import { z } from 'zod';

/** Settings of the resumes subgraph when it runs as its own server. */
export const resumesConfig = defineConfig(
  {
    host: setting({ env: 'HOST', schema: text(), default: '127.0.0.1', doc: 'Address to listen on.' }),
    port: setting({ env: 'PORT', schema: port(), default: 4005, doc: 'Port of the subgraph.' }),
    logLevel: setting({ env: 'LOG_LEVEL', schema: z.enum(logLevels), default: 'info', doc: 'debug, info, warn, error or silent.' }),
    replayMemory: setting({
      env: 'REPLAY_MEMORY',
      schema: z.enum(['process', 'shared']),
      default: 'process',
      doc: 'Where it is kept which calls of the gateway were taken, so that none is taken twice: in this process, or shared through the cache, for several processes behind one address.',
    }),
    identitySecret: setting({
      env: 'GATEWAY_IDENTITY_SECRET',
      schema: secret({ minLength: 32 }),
      doc: 'The secret the gateway signs identities with; calls it did not sign are refused.',
      secret: true,
    }),
    stores: storeSettings,
    resumes: resumesSettings,
    ai: aiSettings,
  },
  {
    title: 'Resumes subgraph',
    rules: [
      ({ stores }) =>
        stores.urls.s3 === undefined
          ? 'S3_URL: is not set; a process of its own needs an object store that clients can reach, too'
          : undefined,
      ...resumesRules.map((rule) => (config: Parameters<typeof rule>[0]) => rule(config)),
    ],
  },
);
