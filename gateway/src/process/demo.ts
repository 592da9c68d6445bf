import type { Logger } from '@loomgraph/telemetry';
import type { ProcessConfig } from './config.js';
import type { RunningGateway } from './run-gateway.js';

export interface DemoOutcome {
  /** Templates; 0 where nothing was to be loaded. */
  readonly loaded: number;
  readonly ms: number;
}

/** How long the search and the graph may take to follow; the demo is loaded either way. */
const QUIET_TIMEOUT_MS = 5_000;

/**
 * Fills an embedded record that is empty with templates, ratings and uses, so that the first query has something to answer. A record on a server
 * is never touched. Fails soft: the gateway serves without demo data, too.
 */
export async function loadDemo(options: { config: ProcessConfig; running: RunningGateway; logger: Logger }): Promise<DemoOutcome> {
  const { config, running, logger } = options;
  const { templates } = running.subgraphs;
  const nothing = { loaded: 0, ms: 0 };
  if (!config.demo || config.stores.urls.relational !== undefined || !templates) return nothing;
  const startedAt = performance.now();
  try {
    const loaded = await templates.loadDemo();
    if (loaded === 0) return nothing;
    await templates.relay.whenQuiet(QUIET_TIMEOUT_MS);
    return { loaded, ms: Math.round(performance.now() - startedAt) };
  } catch (error) {
    logger.warn('The demo data could not be loaded.', { error });
    return nothing;
  }
}
