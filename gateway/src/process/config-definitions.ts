import { relationshipsConfig } from '@loomgraph/subgraph-relationships';
import { templatesConfig } from '@loomgraph/subgraph-templates';
import { processConfig } from './config.js';

/**
 * Every process's settings: what `docs/config.md` and `.env.example` are made of. Apart from the running gateway, which must not load a
 * subgraph it does not run.
 */
export const configDefinitions = [processConfig, templatesConfig, relationshipsConfig] as const;
