import type { Identity } from '@loomgraph/auth';

/**
 * Decides the names in `@policy`, whose meaning is the installation's own.
 *
 * 1. Answers which of the policies the caller meets; one that is not known is not met. An anonymous caller may meet some.
 * 2. It is asked once for an operation that needs any, before anything is fetched.
 * 3. A rejection refuses the operation: what cannot be decided is not allowed.
 */
export interface PolicyDecider {
  decide(identity: Identity | null, policies: readonly string[]): Promise<ReadonlySet<string>>;
}
