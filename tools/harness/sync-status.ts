import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphqlClient } from './graphql.ts';

export interface ProjectionStatus {
  readonly name: string;
  readonly lagRecords: number;
  readonly lagSeconds: number;
  readonly deadLetters: number;
}

const POLL_MS = 100;

export async function readSyncStatus(client: GraphqlClient, adminToken: string): Promise<readonly ProjectionStatus[]> {
  const query = '{ syncStatus { projections { name lagRecords lagSeconds deadLetters } } }';
  const { syncStatus } = await client.run<{ syncStatus: { projections: readonly ProjectionStatus[] } }>({ query, token: adminToken });
  return syncStatus.projections;
}

/**
 * Waits until no projection owes anything.
 * @returns the last status, and whether it is quiet
 */
export async function waitForQuiet(
  client: GraphqlClient,
  options: { adminToken: string; timeoutMs: number; onProgress?: (owed: number) => void },
): Promise<{ quiet: boolean; seconds: number; status: readonly ProjectionStatus[] }> {
  const startedAt = performance.now();
  let reportedAt = startedAt;
  for (;;) {
    const status = await readSyncStatus(client, options.adminToken);
    const owed = Math.max(...status.map(({ lagRecords }) => lagRecords));
    const elapsed = performance.now() - startedAt;
    if (owed === 0 || elapsed > options.timeoutMs) return { quiet: owed === 0, seconds: elapsed / 1_000, status };
    if (performance.now() - reportedAt > 10_000) {
      reportedAt = performance.now();
      options.onProgress?.(owed);
    }
    await sleep(POLL_MS);
  }
}
