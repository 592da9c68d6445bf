import type { PolicyRule } from './policy.js';
import type { Situation, SubjectPolicy } from './subject-policy.js';

/** Which rule allows something in a situation. One is enough; of several, one with the widest reach. */
export interface RuleEngine {
  /** @returns the rule that allows it, undefined where none does */
  decide(subject: SubjectPolicy, situation: Situation): PolicyRule | undefined;
}

/** Makes an engine of the rules there are now. */
export type CreateRuleEngine = (rules: readonly PolicyRule[]) => Promise<RuleEngine>;
