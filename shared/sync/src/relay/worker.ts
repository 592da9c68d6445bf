import { LoomError, StoreError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger } from '@loomgraph/telemetry';
import type { Projection } from '../projection/define-projection.js';
import { jitter } from '../projection/policy.js';
import { project } from '../projection/project.js';
import { claim, type Claim } from './claim.js';
import type { RelayMetrics } from './metrics.js';
import { complete, fail, release } from './settle.js';

export interface WorkerDependencies {
  readonly store: RelationalStore;
  readonly owner: string;
  readonly logger: Logger;
  readonly metrics: RelayMetrics;
}

/**
 * One round of a projection: claim, project, settle.
 * A failure that may pass (target away, provider throttled) releases the whole batch, charges nobody and rejects, so that the loop backs off. Any
 * other failure is somebody's own: the records are then projected one by one, and those that fail are charged an attempt.
 * @returns how many records were claimed; a full batch says that there may be more
 */
export async function workOnce(projection: Projection, dependencies: WorkerDependencies): Promise<number> {
  const { store, owner, metrics } = dependencies;
  const claims = await claim(store, projection, owner);
  if (claims.length === 0) return 0;
  try {
    await project(projection, claims, store.read());
  } catch (error) {
    if (isPassing(error)) return giveBack(projection, claims, error, dependencies);
    await projectEach(projection, claims, dependencies);
    return claims.length;
  }
  await complete({ store, projection, owner }, claims);
  metrics.applied(projection, claims);
  return claims.length;
}

async function projectEach(projection: Projection, claims: readonly Claim[], dependencies: WorkerDependencies): Promise<void> {
  const { store, owner, logger, metrics } = dependencies;
  for (const [position, one] of claims.entries()) {
    try {
      await project(projection, [one], store.read());
      await complete({ store, projection, owner }, [one]);
      metrics.applied(projection, [one]);
    } catch (error) {
      if (isPassing(error)) await giveBack(projection, claims.slice(position), error, dependencies);
      const waitMs = jitter(projection.policy.backoff(one.attempts + 1));
      const outcome = await fail({ store, projection, owner }, { claim: one, error: error as Error, waitMs });
      metrics.failed(projection, outcome);
      logger[outcome === 'dead' ? 'error' : 'warn'](
        outcome === 'dead' ? 'A record became a dead letter.' : 'A record failed and will be tried again.',
        {
          projection: projection.name,
          recordType: projection.source,
          recordId: one.id,
          attempt: one.attempts + 1,
          error,
        },
      );
    }
  }
}

async function giveBack(
  projection: Projection,
  claims: readonly Claim[],
  error: unknown,
  { store, owner }: WorkerDependencies,
): Promise<never> {
  await release({ store, projection, owner }, claims);
  throw error;
}

/** A conflict of a store (a lost deadlock) passes, though to a client the same code means that it must read again. */
function isPassing(error: unknown): boolean {
  return error instanceof StoreError ? error.retryable : error instanceof LoomError && error.entry.retryable;
}
