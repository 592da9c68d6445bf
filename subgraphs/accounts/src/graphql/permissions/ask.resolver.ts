import {
  ANY,
  isPermission,
  permissionCatalogue,
  requirePermission,
  type AccessRequest,
  type Authorizer,
  type Decision,
  type DecisionReason as Reason,
  type PermissionCatalogue,
  type Subject,
} from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { given } from '@loomgraph/subgraph-kit';
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { UnknownPermission } from '../../domain/permissions/errors.js';
import type { AccountsContext } from '../context.js';
import { PermissionRequestInput, PermissionResourceInput } from './permission.input.js';
import { DecisionReason, PermissionDecision, PermissionResourceType } from './permission.type.js';

const MAX_REQUESTS = 100;

const reasons: Record<Reason, DecisionReason> = {
  role: DecisionReason.ROLE,
  own: DecisionReason.OWN,
  group: DecisionReason.GROUP,
  grant: DecisionReason.GRANT,
  anonymous: DecisionReason.ANONYMOUS,
  'no-permission': DecisionReason.NO_PERMISSION,
};

/** Questions to the policy. Nothing is refused here, so nothing of it is in the audit log. */
@Resolver()
export class AskResolver {
  readonly #authorizer: Authorizer;

  constructor(authorizer: Authorizer) {
    this.#authorizer = authorizer;
  }

  @Query(() => PermissionDecision, {
    description: 'Whether the caller may do something; whether another user may, for who may read users. At most a second old.',
  })
  async can(
    @Arg('action', () => String) action: string,
    @Arg('resource', () => PermissionResourceInput) resource: PermissionResourceInput,
    @Ctx() context: AccountsContext,
    @Arg('userId', () => ID, { nullable: true }) userId?: string,
  ): Promise<PermissionDecision> {
    const request = toRequest({ action, resource });
    return toDecision(await this.#authorizer.check(await this.#subject(context, userId), request.action, request.resource));
  }

  @Query(() => [PermissionDecision], { description: 'Answers to many questions about one user, in their order; at most 100.' })
  async checkPermissions(
    @Arg('requests', () => [PermissionRequestInput]) requests: PermissionRequestInput[],
    @Ctx() context: AccountsContext,
    @Arg('userId', () => ID, { nullable: true }) userId?: string,
  ): Promise<readonly PermissionDecision[]> {
    if (requests.length > MAX_REQUESTS) {
      throw new LoomError('PAGE_LIMIT_EXCEEDED', `At most ${MAX_REQUESTS} requests at once; there are ${requests.length}.`, {
        details: { limit: MAX_REQUESTS },
      });
    }
    const asked = requests.map(toRequest);
    return (await this.#authorizer.checkMany(await this.#subject(context, userId), asked)).map(toDecision);
  }

  @Query(() => [PermissionResourceType], { description: 'Every permission that a role can have, by resource type.' })
  permissionCatalogue(): readonly PermissionResourceType[] {
    return Object.entries<PermissionCatalogue[string]>(permissionCatalogue).map(([name, { doc, ofCompany, actions }]) => ({
      name,
      description: doc,
      isOfCompany: ofCompany,
      actions: Object.entries(actions).map(([action, description]) => ({ name: action, description })),
    }));
  }

  async #subject({ identity }: AccountsContext, userId: string | undefined): Promise<Subject> {
    if (userId == null || userId === identity?.userId) return identity;
    await requirePermission(this.#authorizer, identity, { action: 'read', resource: { type: 'user', id: userId, ownerId: userId } });
    // What tokens vouch for is known of callers only.
    const unasked = new Date(0);
    return { userId, roles: [], scopes: [], issuedAt: unasked, expiresAt: unasked };
  }
}

function toRequest({ action, resource }: PermissionRequestInput): AccessRequest {
  const { type } = resource;
  if (type === ANY || action === ANY || !isPermission(type, action)) throw new UnknownPermission({ type, action });
  return { action, resource: { ...given(resource), type } };
}

function toDecision({ allowed, reason, policy }: Decision): PermissionDecision {
  return { allowed, reason: reasons[reason], policy: policy ?? null };
}
