import type { FilteredResource, ResourceFilter } from '@loomgraph/core';
import type { Identity } from '../identity.js';

export type { ResourceFilter, ResourceMatch } from '@loomgraph/core';

/** Who asks: a verified caller, or nobody. */
export type Subject = Identity | null;

/** What is asked about. A field that is left out is unknown or not there: nothing is allowed because of it. */
export interface ResourceRef extends FilteredResource {
  /** Resource type of the permission catalogue: `template`, `company`, `role`… */
  readonly type: string;
  /** Left out for the type as a whole: making one, commanding all. */
  readonly id?: string;
  /** The company it belongs to. */
  readonly companyId?: string;
  /** The user it belongs to. */
  readonly ownerId?: string;
  /** The groups it is shared with. */
  readonly groupIds?: readonly string[];
}

export interface AccessRequest {
  readonly action: string;
  readonly resource: ResourceRef;
}

/**
 * Why: a `role` that reaches the resource, being its owner by way of a role (`own`), a `group` it is shared with by way of a role, a `grant`
 * of this one resource; else `anonymous` (nobody asks) or `no-permission`.
 */
export type DecisionReason = 'role' | 'own' | 'group' | 'grant' | 'anonymous' | 'no-permission';

export interface Decision {
  readonly allowed: boolean;
  readonly reason: DecisionReason;
  /** What allowed it, for people and the audit log: `admin *:*`, `owner@company-1 company:update`, `grant template:read`. */
  readonly policy?: string;
}

/**
 * The one place that says who may do what. Every subgraph asks it; each holds a copy of the policy data it needs.
 *
 * 1. Nothing is allowed unless a role or a grant allows it. There are no rules that forbid, so more roles never mean less.
 * 2. Roles, groups and grants are read from the policy data by user id. What an access token says about roles is up to an hour old and
 *    counts only where the configuration says so (tokens of other issuers, development tokens).
 * 3. A role held globally reaches every resource; one held for a company reaches resources of that company only. A permission of reach `own`
 *    further needs `ownerId` to be the subject, one of reach `group` needs one of `groupIds` to be a group of the subject.
 * 4. A grant allows an action on one resource, by `id`, to a user or to the members of a group.
 * 5. `check` answers; it never rejects because of who asks. It rejects with StoreError when the policy data cannot be read, or has not been for
 *    longer than the configured bound: then nothing is allowed.
 * 6. `checkMany` answers in the order of the requests what `check` would, from one state of the policy, with at most one reading of it.
 * 7. `filter` and `check` agree: `check` allows a resource exactly when it matches the filter. A filter is complete, it is never cut.
 * 8. A committed change of roles, groups or grants counts in every process within 1 s, with or without a bus.
 * 9. An API key may do what its scopes say, as far as its user may.
 */
export interface Authorizer {
  /** @throws StoreError */
  check(subject: Subject, action: string, resource: ResourceRef): Promise<Decision>;
  /** @throws StoreError */
  checkMany(subject: Subject, requests: readonly AccessRequest[]): Promise<readonly Decision[]>;
  /** @throws StoreError */
  filter(subject: Subject, action: string, resourceType: string): Promise<ResourceFilter>;
}
