import { auditActor, type AuditSink } from '@loomgraph/auth';
import type { Clock } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { ThrottleNotice } from '../../domain/security/login-throttle.js';

/** Counts what the throttle does. Into the audit log goes the first refusal of each wait, so that nobody can fill it by asking. */
export function createThrottleNotices(deps: {
  readonly sink: Pick<AuditSink, 'record'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): (notice: ThrottleNotice) => void {
  const { sink, clock, logger, metrics } = deps;
  const refused = metrics.counter('accounts_logins_refused_total', 'Attempts to sign in that were refused untried.', ['by']);
  const locks = metrics.counter('accounts_lockouts_total', 'Accounts that were made to wait after too many attempts.');
  for (const by of ['account', 'address']) refused.inc({ by }, 0);
  locks.inc({}, 0);
  return (notice) => {
    const { attempt, account } = notice;
    const entry = {
      actor: auditActor(null, attempt.address),
      resource: { type: 'Login', id: account },
      occurredAt: clock.now(),
      ...(attempt.requestId === undefined ? {} : { requestId: attempt.requestId }),
    };
    if (notice.kind === 'locked') {
      locks.inc({});
      logger.warn('An account was tried too often.', { account, waitMs: notice.waitMs });
      sink.record({ ...entry, action: 'users.lock', outcome: 'denied', reason: 'ACCOUNT_LOCKED', details: { waitMs: notice.waitMs } });
      return;
    }
    refused.inc({ by: notice.by });
    if (!notice.isFirst) return;
    const reason = notice.by === 'account' ? 'ACCOUNT_LOCKED' : 'RATE_LIMITED';
    sink.record({ ...entry, action: 'users.login', outcome: 'denied', reason });
  };
}
