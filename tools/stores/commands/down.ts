import { rm } from 'node:fs/promises';
import type { Invocation } from '../args.ts';
import type { StoresConfig } from '../config.ts';
import { writeJson } from '../output.ts';
import { createProgress } from '../progress.ts';
import { readState } from '../state.ts';
import { stopStore } from '../stop.ts';

/** Stops the stores, all at once; returns the exit code. */
export async function down(config: StoresConfig, { stores, json, purge }: Invocation): Promise<number> {
  const progress = createProgress((line) => process.stderr.write(line));
  const stopped: string[] = [];
  let failed = false;
  await Promise.all(
    stores.map(async (name) => {
      try {
        const wasRunning = await stopStore({ config, name, mode: 'graceful', data: purge ? 'delete' : 'keep' });
        if (wasRunning) stopped.push(name);
        progress.step(name, `${wasRunning ? 'stopped' : 'was not running'}${purge ? ', data deleted' : ''}`);
      } catch (error) {
        failed = true;
        progress.step(name, `FAILED: ${error instanceof Error ? error.message : String(error)}`);
      }
    }),
  );
  if (purge && !failed) await removeEmptyState(config);
  if (json !== undefined) writeJson(json, { stopped });
  return failed ? 1 : 0;
}

/** With its last store purged the whole folder goes, so that the next `up` chooses the data root anew. */
async function removeEmptyState({ stateDir }: StoresConfig): Promise<void> {
  const state = readState(stateDir);
  if (!state || Object.keys(state.stores).length > 0) return;
  await rm(state.dataRoot, { recursive: true, force: true });
  await rm(stateDir, { recursive: true, force: true });
}
