import type { Environment } from '@loomgraph/config';
import Table from 'cli-table3';
import { openClient, type Client } from '../cli/client.ts';
import type { AuditCommand, AuditFilter } from './args.ts';

const ENTRY =
  'sequence occurredAt recordedAt actorId sessionId apiKeyId address action resourceType resourceId outcome reason requestId details { name value } hash';
const PAGE = 100;

interface Entry {
  readonly sequence: number;
  readonly occurredAt: string;
  readonly actorId: string | null;
  readonly apiKeyId: string | null;
  readonly address: string | null;
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly outcome: string;
  readonly reason: string | null;
}

interface Verification {
  readonly intact: boolean;
  readonly checked: number;
  readonly anchors: number;
  readonly last: number;
  readonly next: number | null;
  readonly anchoredTo: number;
  readonly found: number;
  readonly findings: readonly { readonly kind: string; readonly from: number; readonly to: number; readonly message: string }[];
}

/** Runs a command against the gateway that is named, or that HOST and PORT name. @returns whether all is well @throws CommandFailure */
export async function runAudit(command: AuditCommand, env: Environment, write: (text: string) => void): Promise<boolean> {
  const client = await openClient(env, command);
  if (command.kind === 'verify') return verify(client, command, write);
  if (command.kind === 'export') {
    for await (const page of pagesOf(client, command.filter, PAGE)) write(page.nodes.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    return true;
  }
  const { value: page } = await pagesOf(client, command.filter, command.first).next();
  write(command.json ? `${JSON.stringify(page, undefined, 2)}\n` : tableOf(page?.nodes ?? []));
  return true;
}

async function verify(client: Client, { from, json }: { from: number; json: boolean }, write: (text: string) => void): Promise<boolean> {
  let next: number | null = from;
  const total = { checked: 0, anchors: 0, found: 0, last: 0, anchoredTo: 0, findings: [] as Verification['findings'][number][] };
  while (next !== null) {
    const { verifyAuditLog: part }: { verifyAuditLog: Verification } = await client.run(
      `query($from: Int) { verifyAuditLog(from: $from) { intact checked anchors last next anchoredTo found findings { kind from to message } } }`,
      { from: next },
    );
    total.checked += part.checked;
    total.anchors += part.anchors;
    total.found += part.found;
    total.last = part.last;
    total.anchoredTo = Math.max(total.anchoredTo, part.anchoredTo);
    total.findings.push(...part.findings.slice(0, PAGE - total.findings.length));
    next = part.next;
  }
  const intact = total.found === 0;
  if (json) write(`${JSON.stringify({ intact, ...total }, undefined, 2)}\n`);
  else {
    const table = new Table({ head: ['entries', 'what', 'why'], style: { head: [], border: [] } });
    for (const { kind, from: first, to, message } of total.findings) table.push([first === to ? first : `${first}–${to}`, kind, message]);
    const verdict = intact
      ? 'The audit log is intact.'
      : `The audit log is NOT intact: ${total.found} findings. See docs/runbooks/audit-verification.md.`;
    const figures = `${total.checked} entries checked up to ${total.last}, ${total.anchors} anchors compared; anchored up to ${total.anchoredTo}.`;
    write(`${intact ? '' : `${table.toString()}\n`}${verdict}\n${figures}\n`);
  }
  return intact;
}

interface EntryPage {
  readonly nodes: readonly Entry[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

async function* pagesOf(client: Client, filter: AuditFilter, first: number): AsyncGenerator<EntryPage, void, void> {
  let after: string | null = null;
  do {
    const { auditLog }: { auditLog: EntryPage } = await client.run(
      `query($filter: AuditFilterInput, $first: Int, $after: String) {
        auditLog(filter: $filter, first: $first, after: $after) { nodes { ${ENTRY} } pageInfo { hasNextPage endCursor } }
      }`,
      { filter, first, after },
    );
    yield auditLog;
    after = auditLog.pageInfo.hasNextPage ? auditLog.pageInfo.endCursor : null;
  } while (after !== null);
}

function tableOf(entries: readonly Entry[]): string {
  if (entries.length === 0) return 'No entries.\n';
  const table = new Table({ head: ['entry', 'when', 'who', 'from', 'what', 'to what', 'how'], style: { head: [], border: [] } });
  for (const one of entries) {
    const who = one.actorId ?? 'anonymous';
    const how = one.reason === null ? one.outcome : `${one.outcome}: ${one.reason}`;
    table.push([
      one.sequence,
      one.occurredAt,
      one.apiKeyId === null ? who : `${who} (key ${one.apiKeyId})`,
      one.address ?? '',
      one.action,
      [one.resourceType, one.resourceId].filter(Boolean).join(' '),
      how,
    ]);
  }
  return `${table.toString()}\n`;
}
