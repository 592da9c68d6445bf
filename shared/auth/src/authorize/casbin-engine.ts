import { newEnforcer, newModelFromString, type Enforcer } from 'casbin';
import { ANY, reaches, type PolicyRule } from './policy.js';
import type { CreateRuleEngine } from './rule-engine.js';
import type { Situation, SubjectPolicy } from './subject-policy.js';

/**
 * The rules as a model of casbin (https://casbin.org/docs/syntax-for-models): permissions of roles are its policy, the subject and the
 * situation of the resource are attributes of the request. Who holds which role where is asked of the subject, not loaded into the engine: so
 * its size and speed depend on the number of permissions, not on that of users and companies (ADR 0025).
 */
export const policyModel = `
[request_definition]
r = sub, type, act, company, own, shared

[policy_definition]
p = role, type, act, reach

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = (p.act == r.act || p.act == '*') && (p.reach == 'any' || (p.reach == 'own' && r.own) || (p.reach == 'group' && r.shared)) && holds(r.sub, p.role, r.company)
`;

/** An engine of casbin: one enforcer for each resource type, with the rules that can apply to it. */
export const createCasbinEngine: CreateRuleEngine = async (rules) => {
  const widestFirst = rules.toSorted((a, b) => reaches.indexOf(a.reach) - reaches.indexOf(b.reach));
  const forEvery = widestFirst.filter(({ type }) => type === ANY);
  const enforcers = new Map<string, Enforcer>();
  for (const type of new Set(widestFirst.map((rule) => rule.type)))
    enforcers.set(type, await enforcerOf(widestFirst.filter((rule) => rule.type === type || rule.type === ANY)));
  const otherTypes = enforcers.get(ANY) ?? (await enforcerOf(forEvery));
  return {
    decide(subject, situation) {
      const [isAllowed, rule] = enforce(enforcers.get(situation.type) ?? otherTypes, subject, situation);
      if (!isAllowed) return undefined;
      const [role = '', type = '', action = '', reach] = rule;
      return { role, type, action, reach: reaches.find((one) => one === reach) ?? 'any' };
    },
  };
};

/** One question to an enforcer as casbin takes it; the second part is the rule that allowed it. */
export function enforce(enforcer: Enforcer, subject: SubjectPolicy, situation: Situation): [boolean, string[]] {
  const { type, action, companyId, isOwn, isShared } = situation;
  return enforcer.enforceExSync(subject, type, action, companyId, isOwn, isShared);
}

export async function enforcerOf(rules: readonly PolicyRule[]): Promise<Enforcer> {
  const enforcer = await newEnforcer(newModelFromString(policyModel));
  await enforcer.addFunction('holds', (subject: SubjectPolicy, role: string, companyId: string | null) => subject.holds(role, companyId));
  if (rules.length > 0) await enforcer.addPolicies(rules.map(({ role, type, action, reach }) => [role, type, action, reach]));
  return enforcer;
}
