import type { CompiledDeferPlan } from './compile-defer-plan.js';
import { FIRST_PART, type DeferSet } from './defer-sets.js';
import type { DeferUsage } from './defer-usages.js';
import type { DeferredOperation } from './deferred-operation.js';

/** Tells when all that is planned for a deferred fragment has been fetched: the labels of the plan that belong to it. */
export class LabelProgress {
  readonly #setOfLabel: DeferredOperation['setOfLabel'];
  readonly #usages: readonly DeferUsage[];
  readonly #open: Set<string>;

  constructor({ plan, setOfLabel, expanded }: Pick<DeferredOperation, 'plan' | 'setOfLabel' | 'expanded'>) {
    this.#setOfLabel = setOfLabel;
    this.#usages = expanded.usages;
    // The planner leaves out a label whose fields come with what is around it.
    this.#open = new Set(labelsOf(plan));
  }

  setOf(label: string): DeferSet {
    return this.#setOfLabel.get(label) ?? FIRST_PART;
  }

  /** @returns fragments that need nothing but the first part's fetches */
  firstPart(): readonly DeferUsage[] {
    return this.#usages.filter((usage) => this.#isReady(usage));
  }

  /** Takes note that a label's fetches have been merged. @returns the fragments that are ready with it */
  part(label: string): readonly DeferUsage[] {
    this.#open.delete(label);
    return [...this.setOf(label)].filter((usage) => this.#isReady(usage));
  }

  #isReady(usage: DeferUsage): boolean {
    return [...this.#open].every((label) => !this.setOf(label).has(usage));
  }
}

function labelsOf({ parts }: CompiledDeferPlan): readonly string[] {
  return parts.flatMap(({ label, plan }) => [label, ...labelsOf(plan)]);
}
