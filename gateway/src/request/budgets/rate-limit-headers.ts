import type { BudgetPolicy, BudgetState } from './budget.js';

const MS_PER_SECOND = 1_000;

/** `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-10); of several budgets the one with the least left. */
export function rateLimitHeaders(states: readonly BudgetState[]): Readonly<Record<string, string>> | undefined {
  let least = states[0];
  for (const state of states) if (least !== undefined && shareOf(state) < shareOf(least)) least = state;
  if (least === undefined) return undefined;
  const { policy, remaining, resetMs } = least;
  return {
    'ratelimit-policy': policyText(policy),
    ratelimit: `"${policy.name}";r=${Math.floor(remaining)};t=${seconds(resetMs)}`,
  };
}

/** At least one: whoever retries at once would be refused again. */
export function retryAfter(resetMs: number): string {
  return String(Math.max(1, seconds(resetMs)));
}

const texts = new WeakMap<BudgetPolicy, string>();

/** The draft's registry of units knows none for cost; the default would be requests. */
function policyText(policy: BudgetPolicy): string {
  let text = texts.get(policy);
  if (text === undefined) {
    text = `"${policy.name}";q=${policy.points};w=${seconds(policy.windowMs)};qu="cost"`;
    texts.set(policy, text);
  }
  return text;
}

function shareOf({ policy, remaining }: BudgetState): number {
  return remaining / policy.points;
}

function seconds(ms: number): number {
  return Math.ceil(ms / MS_PER_SECOND);
}
