import { LoomError } from '../errors/loom-error.js';

/** Where the writes of a token stand: per subgraph, the first and the last outbox id of what was committed. */
export type SyncPosition = readonly [first: number, last: number];

/** The position of one or several writes, in one or several subgraphs. Clients keep its text and hand it back. */
export type SyncToken = ReadonlyMap<string, SyncPosition>;

/** Raised when the form below changes. */
const VERSION = 1;
/** A token names the subgraphs that were written, some 30 characters each; more than this was never issued. */
const MAX_LENGTH = 4_096;
const BASE64URL = /^[A-Za-z0-9_-]+$/;
const SUBGRAPH_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/;

/** The text of a token: JSON in base64url, opaque to clients. */
export function encodeSyncToken(token: SyncToken): string {
  return Buffer.from(JSON.stringify({ v: VERSION, at: Object.fromEntries(token) })).toString('base64url');
}

/**
 * Nothing in a token is secret, and one that is made up makes nobody wait but its maker, no longer than they may: so it carries no signature.
 * @throws LoomError INVALID_SYNC_TOKEN for a text that was not issued as one, or by a newer release
 */
export function decodeSyncToken(text: string): SyncToken {
  const parsed = parse(text);
  const { v, at } = parsed;
  if (v !== VERSION) throw invalid(typeof v === 'number' ? `is of version ${v}, which this release does not know` : 'has no version');
  if (!isObject(at)) throw invalid('names no subgraph');
  const token = new Map<string, SyncPosition>();
  for (const [subgraph, position] of Object.entries(at)) {
    if (!SUBGRAPH_NAME.test(subgraph) || !isPosition(position)) throw invalid('holds a position that was never issued');
    token.set(subgraph, position);
  }
  if (token.size === 0) throw invalid('names no subgraph');
  return token;
}

/** One token for all: whoever has waited for it has waited for each. */
export function mergeSyncTokens(...texts: readonly string[]): string {
  if (texts.length === 1 && texts[0] !== undefined) return texts[0];
  const merged = new Map<string, SyncPosition>();
  for (const text of texts) {
    for (const [subgraph, [first, last]] of decodeSyncToken(text)) {
      const known = merged.get(subgraph);
      merged.set(subgraph, known ? [Math.min(first, known[0]), Math.max(last, known[1])] : [first, last]);
    }
  }
  return encodeSyncToken(merged);
}

function parse(text: string): Readonly<Record<string, unknown>> {
  if (text.length > MAX_LENGTH) throw invalid(`is longer than ${MAX_LENGTH} characters`);
  if (!BASE64URL.test(text)) throw invalid('is not one');
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (isObject(parsed)) return parsed;
  } catch {
    // falls through: what is no JSON is no token either
  }
  throw invalid('is not one');
}

function isPosition(value: unknown): value is SyncPosition {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [first, last] = value as readonly unknown[];
  return Number.isSafeInteger(first) && Number.isSafeInteger(last) && Number(first) > 0 && Number(first) <= Number(last);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(what: string): LoomError {
  return new LoomError('INVALID_SYNC_TOKEN', `The sync token ${what}; send back what a mutation answered, unchanged.`);
}
