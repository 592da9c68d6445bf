import { accountsRules, accountsSettings, defineConfig, port, secret, setting, storeSettings, text, url } from '@loomgraph/config';
import { logLevels } from '@loomgraph/telemetry';
import { z } from 'zod';

const MIN_SECRET_CHARACTERS = 32;

/** Settings of the accounts subgraph when it runs as its own server. */
export const accountsConfig = defineConfig(
  {
    host: setting({ env: 'HOST', schema: text(), default: '127.0.0.1', doc: 'Address to listen on.' }),
    port: setting({ env: 'PORT', schema: port(), default: 4004, doc: 'Port of the subgraph.' }),
    publicUrl: setting({
      env: 'PUBLIC_URL',
      schema: url('http', 'https').optional(),
      doc: 'Address others reach this process at. Not set: http://HOST:PORT.',
    }),
    logLevel: setting({ env: 'LOG_LEVEL', schema: z.enum(logLevels), default: 'info', doc: 'debug, info, warn, error or silent.' }),
    replayMemory: setting({
      env: 'REPLAY_MEMORY',
      schema: z.enum(['process', 'shared']),
      default: 'process',
      doc: 'Where it is kept which calls of the gateway were taken, so that none is taken twice: in this process, or shared through the cache, for several processes behind one address.',
    }),
    identitySecret: setting({
      env: 'GATEWAY_IDENTITY_SECRET',
      schema: secret({ minLength: MIN_SECRET_CHARACTERS }),
      doc: 'The secret the gateway signs identities with; calls it did not sign are refused.',
      secret: true,
    }),
    jwtSecret: setting({
      env: 'JWT_SECRET',
      schema: secret({ minLength: MIN_SECRET_CHARACTERS }).optional(),
      doc: 'Signs access tokens where TOKEN_ALGORITHM is HS256.',
      secret: true,
    }),
    stores: storeSettings,
    accounts: accountsSettings,
  },
  {
    title: 'Accounts subgraph',
    rules: [
      ({ accounts }) =>
        accounts.secret === undefined
          ? 'ACCOUNTS_SECRET: is not set; it encrypts the keys that sign access tokens, at least 32 characters'
          : undefined,
      ...accountsRules.map((rule) => (config: Parameters<typeof rule>[0]) => rule(config)),
    ],
  },
);
