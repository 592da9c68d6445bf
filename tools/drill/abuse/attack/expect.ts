import type { Finding } from '../finding.ts';
import type { RawReply, Reply } from './client.ts';

/** Codes of a document or of variables that are too large, too deep or too dear. */
export const TOO_MUCH = ['OPERATION_TOO_COMPLEX', 'OPERATION_TOO_COSTLY', 'BAD_REQUEST', 'REQUEST_TOO_LARGE'] as const;
export const NOT_VALID = ['GRAPHQL_VALIDATION_FAILED'] as const;
export const NOT_PARSED = ['GRAPHQL_PARSE_FAILED'] as const;
export const NOT_ALLOWED = ['UNAUTHENTICATED', 'FORBIDDEN', 'UNAUTHORIZED_FIELD_OR_TYPE'] as const;

const SERVER_FAULT = 500;

/** The request as a whole was refused: no data, one of these codes, and the fault is not said to be ours. */
export function refused(reply: Reply, codes: readonly string[], status?: number | readonly number[]): Finding {
  const statuses = status === undefined ? undefined : [status].flat();
  if (reply.status === 0) return `the connection ended without an answer (${reply.failure ?? 'closed'})`;
  if (hasData(reply)) return `it was answered with data: ${shortened(reply.text)}`;
  if (reply.status >= SERVER_FAULT) return `it failed inside: ${summaryOf(reply)}`;
  const code = codeOf(reply);
  if (code === undefined || !codes.includes(code)) return `expected ${codes.join(' or ')}, got ${summaryOf(reply)}`;
  return statuses === undefined || statuses.includes(reply.status)
    ? undefined
    : `expected status ${statuses.join(' or ')}, got ${summaryOf(reply)}`;
}

/** These fields of the answer are null, and an error of one of these codes says why; others may hold data. */
export function withheld(reply: Reply, paths: readonly string[], codes: readonly string[]): Finding {
  if (reply.status >= SERVER_FAULT || reply.status === 0) return `it failed inside: ${summaryOf(reply)}`;
  for (const path of paths) {
    const value = valueAt(reply.data, path);
    if (value !== undefined && value !== null) return `${path} was given: ${shortened(JSON.stringify(value))}`;
  }
  const found = reply.errors.map(({ extensions }) => extensions?.code ?? '-');
  return found.length > 0 && found.every((code) => codes.includes(code))
    ? undefined
    : `expected ${codes.join(' or ')}, got ${summaryOf(reply)}`;
}

/** Refused before GraphQL: by status alone. */
export function refusedWith(reply: Reply, ...statuses: readonly number[]): Finding {
  if (hasData(reply)) return `it was answered with data: ${shortened(reply.text)}`;
  return statuses.includes(reply.status) ? undefined : `expected status ${statuses.join(' or ')}, got ${summaryOf(reply)}`;
}

/** Bytes that are no single well-formed request: one refusal at most, the connection closed, nothing of what was smuggled answered. */
export function disconnected({ statuses, endedBy, text }: RawReply, ...allowed: readonly number[]): Finding {
  const wrong = statuses.filter((status) => !allowed.includes(status));
  if (wrong.length > 0) return `answered ${statuses.join(', ')}: ${shortened(text)}`;
  if (statuses.length > 1) return `answered ${statuses.length} times: ${statuses.join(', ')}`;
  return endedBy === 'server' ? undefined : `the connection stayed open (answers: ${statuses.join(', ') || 'none'})`;
}

/** The legitimate form: data at these paths, no errors. */
export function passes(reply: Reply, ...paths: readonly string[]): Finding {
  if (reply.status !== 200 || reply.errors.length > 0) return `the legitimate form is refused: ${summaryOf(reply)}`;
  const missing = paths.find((path) => valueAt(reply.data, path) == null);
  return missing === undefined ? undefined : `the legitimate form brings no ${missing}: ${shortened(reply.text)}`;
}

/** The first of several findings. */
export async function firstOf(findings: Iterable<Finding> | AsyncIterable<Finding>): Promise<Finding> {
  for await (const finding of findings) if (finding !== undefined) return finding;
  return undefined;
}

/** Asks one after another; the first finding, with what it is about. */
export async function eachOf<Item>(
  items: Readonly<Record<string, Item>>,
  ask: (item: Item, name: string) => Promise<Finding>,
): Promise<Finding> {
  for (const [name, item] of Object.entries(items)) {
    const finding = await ask(item, name);
    if (finding !== undefined) return `${name}: ${finding}`;
  }
  return undefined;
}

export function codeOf(reply: Reply): string | undefined {
  return reply.errors[0]?.extensions?.code;
}

export function summaryOf({ status, errors, text, failure }: Reply): string {
  const codes = errors.map(({ extensions, message }) => `${extensions?.code ?? '-'} "${message}"`);
  return `${status} ${failure ?? (codes.length > 0 ? shortened(codes.join('; ')) : shortened(text))}`;
}

/** A dotted path: `me.email`, `users.0.id`. */
export function valueAt(data: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined), data);
}

export function shortened(text: string, length = 300): string {
  return text.length <= length ? text : `${text.slice(0, length)}…`;
}

function hasData({ data }: Reply): boolean {
  return data != null && Object.values(data).some((value) => value !== null);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
