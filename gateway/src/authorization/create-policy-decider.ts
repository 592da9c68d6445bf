import type { Authorizer, Identity } from '@loomgraph/auth';
import type { PolicyDecider } from './policy-decider.js';

const ROLE = /^role:(.+)$/;
const PERMISSION = /^permission:([\w-]+)\.([\w-]+)$/;

/**
 * The policies the product knows: `role:NAME` is met by callers whose token has the role, `permission:TYPE.ACTION` by those whom the authorizer
 * allows the action on the resource type as a whole. All others are met by nobody, as are permissions where there is no authorizer.
 */
export function createPolicyDecider({ authorizer }: { readonly authorizer?: Authorizer | undefined } = {}): PolicyDecider {
  const isMet = async (policy: string, identity: Identity | null): Promise<boolean> => {
    const role = ROLE.exec(policy)?.[1];
    if (role !== undefined) return identity?.roles.includes(role) ?? false;
    const [, type, action] = PERMISSION.exec(policy) ?? [];
    if (type === undefined || action === undefined || authorizer === undefined) return false;
    return (await authorizer.check(identity, action, { type })).allowed;
  };
  return {
    async decide(identity, policies) {
      const met = await Promise.all(policies.map((policy) => isMet(policy, identity)));
      return new Set(policies.filter((_, index) => met[index]));
    },
  };
}
