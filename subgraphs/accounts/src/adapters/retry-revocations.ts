import type { Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Logger } from '@loomgraph/telemetry';
import type { Revocations, StoredRevocation } from '../domain/ports.js';
import { RevocationEntity } from '../store/entities.js';

const RETRY_MS = 1_000;

/**
 * Publishes revocations until they are published. They are in the database already when they come here, so whoever asked need not be told of
 * a cache that is down: those that could not be published are tried again every second until they mean nothing any more.
 */
export interface PublishedRevocations extends Revocations {
  /** Publishes all that are in the database and still mean something. */
  publishAll(): Promise<number>;
  stop(): void;
}

export function createPublishedRevocations(deps: {
  readonly list: Revocations;
  readonly store: RelationalStore;
  readonly clock: Clock;
  readonly logger: Logger;
}): PublishedRevocations {
  const { list, store, clock, logger } = deps;
  const waiting = new Set<StoredRevocation>();
  let timer: NodeJS.Timeout | undefined;

  const publish = async (entry: StoredRevocation): Promise<void> => {
    try {
      await list.revoke(entry);
      waiting.delete(entry);
    } catch (error) {
      logger.warn('A revocation could not be published and is tried again.', { kind: entry.kind, error });
      waiting.add(entry);
      timer ??= setTimeout(retry, RETRY_MS).unref();
    }
  };
  const retry = (): void => {
    timer = undefined;
    const now = clock.now();
    for (const entry of waiting) if (entry.until <= now) waiting.delete(entry);
    void Promise.all([...waiting].map(publish));
  };

  return {
    revoke: publish,
    async publishAll() {
      const entries = (await store
        .read()
        .find(RevocationEntity, { until: { $gt: clock.now() } })) as unknown as readonly StoredRevocation[];
      await Promise.all(entries.map(({ kind, id, at, until }) => publish({ kind, id, at, until })));
      return entries.length;
    },
    stop() {
      clearTimeout(timer);
      waiting.clear();
    },
  };
}
