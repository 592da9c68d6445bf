import type { Target } from './attack/target.ts';
import type { Finding, Topology } from './finding.ts';

/** One hostile request, or a few that belong together. */
export interface AbuseCase {
  /** Stable, in kebab case: docs/security.md names it. */
  readonly name: string;
  /** Advisories, rules and pages it comes from. */
  readonly from: readonly string[];
  /** What is tried, and what counts as refused. */
  readonly tries: string;
  /** Sends it. @returns a finding when it was not refused */
  attack(target: Target): Promise<Finding>;
  /** The legitimate form of the same request. @returns a finding when it does not pass: refusing everything is no guard */
  control(target: Target): Promise<Finding>;
  /** Left out: both. */
  readonly on?: Topology;
  /** Whether it can be sent again and again, to see that memory stays flat. Left out: true. */
  readonly repeats?: boolean;
  /** How long it may keep the gateway's event loop from turning; left out: the drill's own bound. */
  readonly blocksAtMostMs?: number;
}
