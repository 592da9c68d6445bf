import { Kind, type FieldNode, type SelectionSetNode } from 'graphql';
import type { Requirement } from '../plan.js';
import type { Conjunction } from './conditions.js';
import { objectsOf, type Held, type Objects, type Place } from './draft-place.js';
import type { Need, PlanDraft } from './plan-draft.js';
import { Conditions } from './selection-draft.js';

export interface Search {
  /** What is being looked for already further up: looking for it again would not end. */
  readonly marks: ReadonlySet<string>;
  /** When what is being looked for is needed. */
  readonly conditions: readonly Conjunction[];
}

/** Fields that a representation must hold, and the stage that brings the last of them. */
interface Obtained {
  readonly requires: readonly Requirement[];
  readonly held: readonly Held[];
  readonly stage: number;
}

/** Finds ways to fields. */
export interface Finder {
  obtain(objects: Objects, need: Need, marks: Search['marks']): Held | undefined;
  tellTypes(place: Place, search: Search): boolean;
}

export const TYPENAME: Requirement = { kind: 'field', readFrom: ['__typename'], writeTo: '__typename', selections: undefined };

/** Has the fields of keys and of what is required brought. */
export class RequiredFields {
  readonly #plan: PlanDraft;
  readonly #finder: Finder;

  constructor(plan: PlanDraft, finder: Finder) {
    this.#plan = plan;
    this.#finder = finder;
  }

  /** Undefined where one of them cannot be brought. */
  obtainAll(objects: Objects, { selections }: SelectionSetNode, search: Search): Obtained | undefined {
    const requires: Requirement[] = [];
    const held: Held[] = [];
    let stage = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) continue; // field sets have none
      let obtained: Obtained | undefined = { requires: [], held: [], stage };
      if (selection.kind === Kind.FIELD) {
        if (selection.name.value !== '__typename') obtained = this.#obtainRequired(objects, selection, search);
      } else if (this.#fits(objects, selection.typeCondition?.name.value)) {
        obtained = this.obtainAll(objects, selection.selectionSet, search);
      }
      if (!obtained) return undefined;
      requires.push(...obtained.requires);
      held.push(...obtained.held);
      stage = Math.max(stage, obtained.stage);
    }
    return { requires, held, stage };
  }

  #obtainRequired(objects: Objects, { selectionSet, ...field }: FieldNode, search: Search): Obtained | undefined {
    const key = this.#plan.keys.keyOf(objects.type, field);
    const held = this.#finder.obtain(objects, { key, field, conditions: new Conditions(search.conditions) }, search.marks);
    if (!held) return undefined;
    const required = { kind: 'field', readFrom: [key], writeTo: field.name.value } as const;
    const { place } = held;
    if (!selectionSet || !place) return { requires: [{ ...required, selections: undefined }], held: [held], stage: held.stage };
    if (!this.#finder.tellTypes(place, search)) return undefined;
    const isAbstract = this.#plan.facts.isAbstract(place.declared);
    const selections: Requirement[] = [];
    const all = [held];
    let stage = Math.max(held.stage, place.typedAt ?? 0);
    for (const type of place.types) {
      const inner = this.obtainAll(objectsOf(place, type), selectionSet, search);
      if (!inner) return undefined;
      stage = Math.max(stage, inner.stage);
      all.push(...inner.held);
      if (isAbstract) selections.push({ kind: 'fragment', onType: type, selections: [TYPENAME, ...inner.requires] });
      else selections.push(...inner.requires);
    }
    return { requires: [{ ...required, selections }], held: all, stage };
  }

  /** Field sets of interface objects hold no conditions that tell their types apart. */
  #fits({ type, areAll }: Objects, condition: string | undefined): boolean {
    return condition === undefined || condition === type || (!areAll && this.#plan.facts.fits(type, condition));
  }
}
