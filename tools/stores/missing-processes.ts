import { isAlive } from './process-record.ts';
import type { ProcessSpec } from './recipe.ts';
import type { StoreRecord } from './state.ts';

/** The processes that a store should have and that do not run. */
export function missingProcesses(specs: readonly ProcessSpec[], { processes }: Pick<StoreRecord, 'processes'>): readonly ProcessSpec[] {
  return specs.filter(({ name }) => {
    const known = processes[name];
    return !known || !isAlive(known);
  });
}
