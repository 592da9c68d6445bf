import Table from 'cli-table3';
import type { Client } from '../../cli/client.ts';
import type { Outcome } from '../outcome.ts';
import { nameAway, type Unreachable } from '../unreachable.ts';

const QUERY = `query SyncStatus($subgraph: String) {
  syncStatus(subgraph: $subgraph) {
    projections {
      name subgraph target lagRecords lagSeconds oldestPendingAt coverage drift deadLetters throughput
      building { version done total } failingSince lastError lastAudit { endedAt checked }
    }
    consumers { name subgraph topic lagEvents seenAt applied failed lost failing deadLetters parked lastAppliedAt lastError }
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

interface Consumer {
  readonly name: string;
  readonly subgraph: string;
  readonly lagEvents: number | null;
  readonly seenAt: string | null;
  readonly applied: number;
  readonly lost: number;
  readonly failing: number;
  readonly deadLetters: number;
  readonly lastError: string | null;
}

interface Status {
  readonly projections: readonly Projection[];
  readonly consumers: readonly Consumer[];
  readonly unreachable: readonly Unreachable[];
}

/** Fails when something is wrong that does not pass by itself: dead letters, drift, a target that refuses everything, an engine out of reach. */
export async function showStatus(client: Client, { subgraph }: { subgraph: string | undefined }): Promise<Outcome> {
  const { syncStatus } = await client.run<{ syncStatus: Status }>(QUERY, { subgraph: subgraph ?? null });
  const { projections, consumers, unreachable } = syncStatus;
  const away = nameAway(unreachable);
  const isWell =
    away.length === 0 &&
    projections.every(({ drift, deadLetters, failingSince }) => drift === 0 && deadLetters === 0 && failingSince === null) &&
    consumers.every(({ deadLetters }) => deadLetters === 0);
  const tables = [
    ...(projections.length > 0 ? [ofProjections(projections)] : []),
    ...(consumers.length > 0 ? [ofConsumers(consumers)] : []),
  ];
  return { text: [...tables, ...away].join('\n'), json: syncStatus, isWell };
}

function ofProjections(projections: readonly Projection[]): string {
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
  return table.toString();
}

function ofConsumers(consumers: readonly Consumer[]): string {
  const table = new Table({
    head: ['subgraph', 'consumer', 'waiting', 'applied', 'failing', 'lost', 'dead letters', 'seen', ''],
    style: { head: [], border: [] },
  });
  for (const { subgraph, name, lagEvents, applied, failing, lost, deadLetters, seenAt, lastError } of consumers) {
    const remark = failing + deadLetters > 0 ? (lastError ?? '') : '';
    table.push([subgraph, name, lagEvents ?? '?', applied, failing, lost, deadLetters, seenAt ?? 'never', remark]);
  }
  return table.toString();
}

function remark({ building, failingSince, lastError }: Projection): string {
  if (failingSince) return `failing since ${failingSince}: ${lastError ?? ''}`;
  if (building) return `building ${building.done} of ${building.total ?? '?'}`;
  return '';
}
