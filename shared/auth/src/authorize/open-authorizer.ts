import { uuidSource } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import { builtInPolicy } from './built-in-source.js';
import { createAuthorizer, type PolicyAuthorizer } from './policy-authorizer.js';
import { busPolicyEvents, type PolicyBus } from './policy-events.js';
import { createSqlPolicySource, type PolicyDatabase } from './sql-policy-source.js';

export interface ProcessAuthorizerOptions {
  /** The accounts database; undefined where this process cannot reach it, as an embedded one of another process. */
  readonly database: PolicyDatabase | undefined;
  readonly bus: PolicyBus;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/**
 * The authorizer of a process. Without the accounts database it knows the built-in roles only, and believes the roles of every access token, which
 * are up to its lifetime old.
 */
export function openAuthorizer({ database, bus, logger, metrics }: ProcessAuthorizerOptions): PolicyAuthorizer {
  if (database === undefined) {
    logger.warn('The policy data cannot be reached from here: roles of access tokens count as they are.');
    return createAuthorizer({ source: builtInPolicy, tokenRoles: ({ roles }) => roles, logger, metrics });
  }
  const onFailure = (error: unknown): void =>
    logger.warn('Changes of the policy are not told by the bus, and found by looking.', { error });
  return createAuthorizer({
    source: createSqlPolicySource(database),
    events: busPolicyEvents({ bus, group: `policy-${uuidSource.next()}`, onFailure }),
    logger,
    metrics,
  });
}
