import {
  accountsRules,
  accountsSettings,
  aiSettings,
  defineConfig,
  flag,
  resumesRules,
  resumesSettings,
  setting,
  storeSettings,
  url,
  type ConfigOf,
} from '@loomgraph/config';
import { gatewayConfig } from '../config.js';

/** Everything that can be set on the process that runs the gateway and, unless they have a URL, the subgraphs. */
export const processConfig = defineConfig(
  {
    ...gatewayConfig.shape,
    publicUrl: setting({
      env: 'PUBLIC_URL',
      schema: url('http', 'https').optional(),
      doc: 'Address clients reach this process at, for the links it hands out. Not set: http://HOST:PORT.',
    }),
    stores: storeSettings,
    ai: aiSettings,
    accounts: accountsSettings,
    resumes: resumesSettings,
    demo: setting({
      env: 'LOOM_DEMO',
      schema: flag(),
      default: true,
      doc: 'Load the demo data when the embedded stores are started empty.',
    }),
  },
  // The gateway's settings, and those of its subgraphs, are among the process's.
  { title: 'Gateway', rules: [...gatewayConfig.rules, ...accountsRules, ...resumesRules].map((rule) => (config) => rule(config)) },
);

export type ProcessConfig = ConfigOf<(typeof processConfig)['shape']>;
