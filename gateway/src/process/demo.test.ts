import { createMemoryLogger } from '@loomgraph/telemetry';
import type { ProcessConfig } from './config.js';
import { loadDemo } from './demo.js';
import type { RunningGateway } from './run-gateway.js';

describe('the demo data at start', () => {
  const load = async (options: { demo?: boolean; relational?: string; loadDemo?: () => Promise<number>; isRemote?: boolean }) => {
    const config = { demo: options.demo ?? true, stores: { urls: { relational: options.relational } } } as ProcessConfig;
    let calls = 0;
    const templates = {
      loadDemo: () => {
        calls++;
        return options.loadDemo?.() ?? Promise.resolve(77);
      },
      relay: { whenQuiet: () => Promise.resolve(true) },
    };
    const running = { subgraphs: { templates: options.isRemote ? undefined : templates } } as unknown as RunningGateway;
    const logger = createMemoryLogger();
    const { loaded } = await loadDemo({ config, running, logger });
    return { loaded, calls, warnings: logger.lines.length };
  };

  it('is loaded into an embedded record', async () => {
    expect(await load({})).toEqual({ loaded: 77, calls: 1, warnings: 0 });
  });

  it.each([
    ['it is switched off', { demo: false }],
    ['the record is on a server', { relational: 'mysql://somewhere' }],
    ['the subgraph runs elsewhere', { isRemote: true }],
  ])('is not when %s', async (_when, options) => {
    expect(await load(options)).toEqual({ loaded: 0, calls: 0, warnings: 0 });
  });

  it('keeps nobody from starting', async () => {
    expect(await load({ loadDemo: () => Promise.reject(new Error('disk full')) })).toEqual({ loaded: 0, calls: 1, warnings: 1 });
  });
});
