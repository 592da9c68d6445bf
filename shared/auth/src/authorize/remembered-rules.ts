import type { PolicyRule } from './policy.js';
import type { RuleEngine } from './rule-engine.js';

/** Sets of roles and what is done with them are few; more than these are asked anew. */
const MAX_KEPT = 10_000;

/**
 * An engine that is asked once for all subjects who hold the same roles where a resource is: no rule can tell them apart, and most users hold one of
 * a few sets. It knows what it was told until the rules change, when another one is made.
 */
export function rememberRules(engine: RuleEngine, { maxKept = MAX_KEPT }: { readonly maxKept?: number } = {}): RuleEngine {
  const known = new Map<string, PolicyRule | undefined>();
  return {
    decide(subject, situation) {
      const { type, action, companyId, isOwn, isShared } = situation;
      const key = JSON.stringify([subject.rolesAt(companyId), type, action, isOwn, isShared]);
      const rule = known.get(key);
      if (rule !== undefined || known.has(key)) return rule;
      const decided = engine.decide(subject, situation);
      if (known.size >= maxKept) known.clear();
      known.set(key, decided);
      return decided;
    },
  };
}
