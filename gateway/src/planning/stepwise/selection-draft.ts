import { Kind, type FieldNode, type SelectionNode, type SelectionSetNode } from 'graphql';
import { ALWAYS, commonDemands, simplified, underConditions, type Conjunction } from './conditions.js';
import type { Journal } from './journal.js';

/** When a field is asked for, in all fetches that ask for it. */
export class Conditions {
  constructor(public alternatives: readonly Conjunction[]) {}

  /** Has the field asked for under these conditions, too. False when it is already. */
  widen(by: readonly Conjunction[], journal: Journal): boolean {
    const before = this.alternatives;
    const after = simplified([...before, ...by]);
    if (after.length === before.length && after.every((one, index) => one === before[index])) return false;
    journal.change(
      () => (this.alternatives = after),
      () => (this.alternatives = before),
    );
    return true;
  }
}

interface DraftField {
  readonly field: FieldNode;
  readonly conditions: Conditions;
  readonly selection: SelectionDraft | undefined;
}

/** A selection set of a fetch while it is being put together. */
export class SelectionDraft {
  readonly #fields = new Map<string, DraftField>();
  readonly #fragments = new Map<string, SelectionDraft>();

  /** What is selected of the field's value; undefined for a leaf. */
  add(key: string, added: Omit<DraftField, 'selection'> & { readonly isLeaf: boolean }, journal: Journal): SelectionDraft | undefined {
    const known = this.#fields.get(key);
    if (known) return known.selection;
    const { field, conditions, isLeaf } = added;
    const selection = isLeaf ? undefined : new SelectionDraft();
    journal.set(this.#fields, key, { field, conditions, selection });
    return selection;
  }

  addTypename(journal: Journal): void {
    const name = { kind: Kind.NAME, value: '__typename' } as const;
    this.add(name.value, { field: { kind: Kind.FIELD, name }, conditions: new Conditions(ALWAYS), isLeaf: true }, journal);
  }

  /** What is selected of objects of a type. */
  on(type: string, journal: Journal): SelectionDraft {
    return this.#fragments.get(type) ?? journal.set(this.#fragments, type, new SelectionDraft());
  }

  get isEmpty(): boolean {
    return this.#fields.size === 0 && [...this.#fragments.values()].every((fragment) => fragment.isEmpty);
  }

  /** What every condition in it demands: without that, nothing is asked for. */
  demands(): Conjunction {
    const ofFields = [...this.#fields.values()].flatMap(({ conditions }) => conditions.alternatives);
    const ofFragments = [...this.#fragments.values()].flatMap((fragment) => (fragment.isEmpty ? [] : [fragment.demands()]));
    return commonDemands([...ofFields, ...ofFragments]);
  }

  toSelectionSet(): SelectionSetNode {
    const fields = [...this.#fields].flatMap(([key, { field, conditions, selection }]) => {
      const alias = key === field.name.value ? {} : { alias: { kind: Kind.NAME, value: key } as const };
      const selectionSet = selection?.toSelectionSet();
      return underConditions(conditions.alternatives, { ...field, ...alias, ...(selectionSet ? { selectionSet } : {}) });
    });
    const fragments = [...this.#fragments].flatMap(([type, selection]): readonly SelectionNode[] =>
      selection.isEmpty ? [] : [fragmentOn(type, selection)],
    );
    return { kind: Kind.SELECTION_SET, selections: [...fields, ...fragments] };
  }
}

function fragmentOn(type: string, selection: SelectionDraft): SelectionNode {
  const typeCondition = { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: type } } as const;
  return { kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet: selection.toSelectionSet() };
}
