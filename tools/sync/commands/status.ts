import Table from 'cli-table3';
import type { SyncClient } from '../client.ts';
import type { Outcome } from '../outcome.ts';

const QUERY = `query SyncStatus($subgraph: String) {
  syncStatus(subgraph: $subgraph) {
    projections {
      name subgraph target lagRecords lagSeconds oldestPendingAt coverage drift deadLetters throughput
      building { version done total } failingSince lastError lastAudit { endedAt checked }
    }
    unreachable { subgraph code message }
  }
}`;

interface Projection {
  readonly name: string;
  readonly subgraph: string;
  readonly target: string;
  readonly lagRecords: number;
  readonly lagSeconds: number;
  readonly coverage: number | null;
  readonly drift: number;
  readonly deadLetters: number;
  readonly building: { readonly done: number; readonly total: number | null } | null;
  readonly failingSince: string | null;
  readonly lastError: string | null;
}

interface Status {
  readonly projections: readonly Projection[];
  readonly unreachable: readonly { readonly subgraph: string; readonly code: string; readonly message: string }[];
}

/** Fails when something is wrong that does not pass by itself: dead letters, drift, a target that refuses everything, an engine out of reach. */
export async function showStatus(client: SyncClient, { subgraph }: { subgraph: string | undefined }): Promise<Outcome> {
  const { syncStatus } = await client.run<{ syncStatus: Status }>(QUERY, { subgraph: subgraph ?? null });
  const { projections, unreachable } = syncStatus;
  const table = new Table({
    head: ['subgraph', 'projection', 'target', 'behind', 'lag', 'coverage', 'drift', 'dead letters', ''],
    style: { head: [], border: [] },
  });
  for (const one of projections) {
    table.push([
      one.subgraph,
      one.name,
      one.target,
      one.lagRecords,
      `${one.lagSeconds.toFixed(1)} s`,
      one.coverage === null ? '?' : `${(one.coverage * 100).toFixed(1)} %`,
      one.drift,
      one.deadLetters,
      remark(one),
    ]);
  }
  const away = unreachable.map(({ subgraph: name, code, message }) => `${name}: ${code}: ${message}`);
  const isWell =
    away.length === 0 &&
    projections.every(({ drift, deadLetters, failingSince }) => drift === 0 && deadLetters === 0 && failingSince === null);
  return { text: [table.toString(), ...away].join('\n'), json: syncStatus, isWell };
}

function remark({ building, failingSince, lastError }: Projection): string {
  if (failingSince) return `failing since ${failingSince}: ${lastError ?? ''}`;
  if (building) return `building ${building.done} of ${building.total ?? '?'}`;
  return '';
}
