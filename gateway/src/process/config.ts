import { accountsSettings, aiSettings, defineConfig, flag, setting, storeSettings, url, type ConfigOf } from '@loomgraph/config';
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
    demo: setting({
      env: 'LOOM_DEMO',
      schema: flag(),
      default: true,
      doc: 'Load the demo data when the embedded stores are started empty.',
    }),
  },
  { title: 'Gateway', rules: gatewayConfig.rules.map((rule) => (config) => rule(config)) }, // the gateway's settings are among the process's
);

export type ProcessConfig = ConfigOf<(typeof processConfig)['shape']>;
