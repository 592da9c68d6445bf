import type { RunContext } from '../../report/command.ts';
import type { RunOptions } from '../../report/options.ts';
import type { Outcome } from '../../report/outcome.ts';
import { runOnEmbeddedStores } from './embedded.ts';
import { runOnRealStores } from './real.ts';

/** Breaks everything the sync engine stands on and asks whether what it promises still holds. */
export function runSyncDrill(options: RunOptions, context: RunContext): Promise<Outcome> {
  return options.stores[0] === 'real' ? runOnRealStores(options, context) : runOnEmbeddedStores(options, context);
}
