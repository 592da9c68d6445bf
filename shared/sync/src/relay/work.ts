import type { ProjectOutcome, Steps } from '../projection/project.js';
import type { Batch, Claim, Claimable } from './claim.js';

/** What a relay delivers records to: a projection's target, or the search for a projection's dependents. */
export interface Work extends Claimable {
  /** What it writes to; those that name the same store share its turns and its breaker. */
  readonly target: { readonly store?: string };
  /** @throws what stood in the way of all of them */
  deliver(batch: Batch, claims: readonly Claim[], steps: Steps): Promise<ProjectOutcome>;
  /** Whether the target answers when it is asked what it has of a record. */
  answers(claim: Claim): Promise<boolean>;
  /** What would have been stored for a record that failed for good, as JSON; undefined when that cannot be known. */
  payload(claim: Claim): Promise<string | undefined>;
}
