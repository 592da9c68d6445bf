import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { StoresConfig } from './config.ts';
import { isWorldTraversable } from './traversable.ts';

const FALLBACK_PARENT = '/var/lib/loomgraph-stores';

/**
 * The folder that holds one folder per store: the state folder, or one under /var/lib when root runs the servers as
 * other users and those could not enter the state folder (a clone below a closed home, say).
 */
export function chooseDataRoot(
  { stateDir, isRoot }: Pick<StoresConfig, 'stateDir' | 'isRoot'>,
  isReachable: (path: string) => boolean = isWorldTraversable,
): string {
  if (!isRoot || isReachable(stateDir)) return stateDir;
  return join(FALLBACK_PARENT, createHash('sha256').update(stateDir).digest('hex').slice(0, 16));
}
