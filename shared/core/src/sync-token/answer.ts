import { mergeSyncTokens, decodeSyncToken } from './codec.js';

/** Why something was read before it had caught up. `unknown`: there was no way to look. */
export type StaleReason = 'timeout' | 'dead-letter' | 'unknown';

/** What a read found that had not caught up when its time was over. */
export interface StaleRead {
  readonly reason: StaleReason;
  /** `templates/template-vectors` */
  readonly projections: readonly string[];
  /** Age of the oldest change that was waited for, where it is known. */
  readonly lagSeconds?: number;
}

/** What an answer says about itself, in `extensions.sync`. All but the token are there only where it is stale. */
export interface SyncAnswer {
  /** The position of what its mutations wrote. */
  readonly token?: string;
  /** Something it read had not caught up with the request's token. */
  readonly stale?: true;
  /** Age of the oldest change that was waited for. */
  readonly lagSeconds?: number;
  /** What had not caught up: `templates/template-vectors`. */
  readonly projections?: readonly string[];
  readonly reason?: StaleReason;
}

/** Reasons from the one that passes to the one that needs somebody. */
const reasons: readonly StaleReason[] = ['timeout', 'unknown', 'dead-letter'];

/** What an answer says that is made of both. */
export function mergeSyncAnswers(one: SyncAnswer | undefined, other: SyncAnswer): SyncAnswer {
  if (!one) return other;
  const tokens = [one.token, other.token].filter((token) => token !== undefined);
  const token = tokens.length > 0 ? { token: mergeSyncTokens(...tokens) } : {};
  if (!one.stale && !other.stale) return token;
  const lags = [one.lagSeconds, other.lagSeconds].filter((lag) => lag !== undefined);
  const reason = reasons.findLast((reason) => reason === one.reason || reason === other.reason);
  return {
    ...token,
    stale: true,
    ...(lags.length > 0 ? { lagSeconds: Math.max(...lags) } : {}),
    projections: [...new Set([...(one.projections ?? []), ...(other.projections ?? [])])].sort(),
    ...(reason === undefined ? {} : { reason }),
  };
}

/** `extensions.sync` of an answer that came over the network; undefined where it says nothing that can be read. */
export function readSyncAnswer(value: unknown): SyncAnswer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { token, stale, lagSeconds, projections, reason } = value as Readonly<Record<string, unknown>>;
  const answer: SyncAnswer = {
    ...(isToken(token) ? { token } : {}),
    ...(stale === true ? { stale } : {}),
    ...(typeof lagSeconds === 'number' ? { lagSeconds } : {}),
    ...(Array.isArray(projections) ? { projections: projections.map(String) } : {}),
    ...(isReason(reason) ? { reason } : {}),
  };
  return answer.token === undefined && !answer.stale ? undefined : answer;
}

function isToken(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  try {
    decodeSyncToken(value);
    return true;
  } catch {
    return false; // another program's `extensions.sync`
  }
}

function isReason(value: unknown): value is StaleReason {
  return reasons.some((reason) => reason === value);
}
