import { duration, integer, setting, url, type ConfigOf } from '@loomgraph/config';
import { networksOrNone } from '../../setting-types.js';
import type { BudgetPolicy } from './budget.js';

const OFF = 0;
/** Counters keep whole seconds. */
const MIN_WINDOW_MS = 1_000;

const budget = (env: string, points: number, doc: string) =>
  setting({ env, schema: integer({ min: OFF, max: 1_000_000_000_000 }), default: points, doc: `${doc} 0: no budget.` });

/** What callers may spend, counted in the cost of their operations. */
export const budgetSettings = {
  user: budget('BUDGET_USER', 5_000_000, 'Cost that one user, or one API key, may spend within BUDGET_WINDOW.'),
  client: budget(
    'BUDGET_CLIENT',
    0,
    'Cost that all users of one client application (claim `client_id`) may spend together within BUDGET_WINDOW.',
  ),
  address: budget(
    'BUDGET_ADDRESS',
    5_000_000,
    'Cost that anonymous callers of one address may spend within BUDGET_WINDOW; behind proxies, see TRUSTED_PROXIES.',
  ),
  windowMs: setting({
    env: 'BUDGET_WINDOW',
    schema: duration({ minMs: MIN_WINDOW_MS }),
    default: '60s',
    doc: 'The span of time in which a budget may be spent; it begins with the first request.',
  }),
  exempt: setting({
    env: 'BUDGET_EXEMPT',
    schema: networksOrNone(),
    default: '127.0.0.0/8,::1',
    doc: 'Addresses or networks, with commas between, whose requests spend nothing, whoever asks; by default those of this machine. none: every request counts.',
  }),
  redisUrl: setting({
    env: 'BUDGET_REDIS_URL',
    schema: url('redis', 'rediss', 'redis+sentinel', 'redis+cluster').optional(),
    doc: 'Redis in which budgets are counted for all gateways together. Not set: REDIS_URL where that is set, else each process counts for itself.',
    secret: true,
  }),
};

/** Those that are not off. */
export function toPolicies({ user, client, address, windowMs }: ConfigOf<typeof budgetSettings>): readonly BudgetPolicy[] {
  const policies: readonly BudgetPolicy[] = [
    { name: 'user', points: user, windowMs },
    { name: 'client', points: client, windowMs },
    { name: 'address', points: address, windowMs },
  ];
  return policies.filter(({ points }) => points !== OFF);
}
