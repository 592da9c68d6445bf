import type { PolicyChange, PolicySource } from './policy-source.js';
import { noFacts, type PolicyRule, type SubjectFacts } from './policy.js';

/** Policy data of a test; every change raises the version. */
export interface MemoryPolicy extends PolicySource {
  setRules(rules: readonly PolicyRule[]): void;
  setFacts(userId: string, facts: Partial<SubjectFacts>): void;
  /** What a group is granted; its members are told by their facts. */
  touchGroup(groupId: string): void;
  factsNow(userId: string): SubjectFacts;
  rulesNow(): readonly PolicyRule[];
  /** How often each was read. */
  readonly reads: { version: number; rules: number; facts: number };
  /** Makes every reading fail from now on. */
  fail(error: Error | undefined): void;
  /** Forgets what changed, as a database trims it. */
  trim(): void;
}

export function createMemoryPolicy(rules: readonly PolicyRule[] = []): MemoryPolicy {
  let current = rules;
  let version = 0;
  let failure: Error | undefined;
  const facts = new Map<string, SubjectFacts>();
  let changes: { version: number; change: PolicyChange }[] = [];
  const reads = { version: 0, rules: 0, facts: 0 };
  const read = async <T>(answer: () => T): Promise<T> => {
    await Promise.resolve();
    if (failure) throw failure;
    return answer();
  };
  const change = (change: PolicyChange): void => {
    version += 1;
    changes.push({ version, change });
  };
  return {
    version: () => read(() => ((reads.version += 1), version)),
    changesSince: (since) =>
      read(() => {
        const found = changes.filter((entry) => entry.version > since);
        return found[0]?.version === since + 1 ? found.map((entry) => entry.change) : 'all';
      }),
    rules: () => read(() => ((reads.rules += 1), current)),
    factsOf: (userId) => read(() => ((reads.facts += 1), facts.get(userId) ?? noFacts)),
    setRules(next) {
      current = next;
      change({ kind: 'rules' });
    },
    setFacts(userId, next) {
      facts.set(userId, { ...noFacts, ...next });
      change({ kind: 'user', id: userId });
    },
    touchGroup: (id) => change({ kind: 'group', id }),
    factsNow: (userId) => facts.get(userId) ?? noFacts,
    rulesNow: () => current,
    reads,
    fail: (error) => void (failure = error),
    trim: () => void (changes = []),
  };
}
