import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLOutputType,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { conditionOf, type Condition } from '../execution/answer/selected-fields.js';
import type { AccessRules } from './access-rules.js';
import type { Demands } from './demand.js';

/** A place of an operation that is not answered. */
export interface CutPlace {
  /** Response keys; `@` stands for every item of a list. */
  readonly path: readonly string[];
  /** Variables of `@skip` and `@include` that select it. */
  readonly condition: Condition;
  readonly demands: Demands;
}

/** An operation without some of its fields. Its named fragments are put where they are used: what is cut of one differs from place to place. */
export interface CutOperation {
  /** What the client asked, with the fields that are cut still in their places, and empty: the answer has a null for each. */
  readonly shown: OperationDefinitionNode;
  /** Which of the nodes in `shown` these are. */
  readonly cut: ReadonlySet<FieldNode>;
  /** What is left; an object of which nothing is left is asked for its `__typename`. */
  readonly left: OperationDefinitionNode;
  readonly places: readonly CutPlace[];
}

/**
 * Takes fields out of an operation. `isCut` is asked for each field, with what the rules demand there; never for `__typename`, which the field that
 * returns the object tells, nor for introspection. Linear in the operation with its fragments put in place.
 */
export function cutOperation(
  operation: OperationDefinitionNode,
  options: {
    readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
    readonly rules: AccessRules;
    readonly isCut: (demands: Demands) => boolean;
  },
): CutOperation {
  const { types } = options.rules;
  const root = types.rootType(operation.operation) ?? '';
  const cutter = new Cutter(options);
  const { shown, left } = cutter.cut(operation.selectionSet, {
    parent: root,
    possible: types.concreteTypes(root),
    path: [],
    condition: [],
  });
  return {
    shown: { ...operation, selectionSet: setOf(shown) },
    cut: cutter.nodes,
    left: { ...operation, selectionSet: filled(left) },
    places: cutter.places,
  };
}

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Where a selection set stands. */
interface At {
  readonly parent: string;
  /** The types the object may have here. */
  readonly possible: readonly string[];
  readonly path: readonly string[];
  /** `never`: under a literal `@skip(if: true)`; such fields go without an error. */
  readonly condition: Condition | 'never';
}

interface Parts {
  readonly shown: SelectionNode[];
  readonly left: SelectionNode[];
}

class Cutter {
  readonly nodes = new Set<FieldNode>();
  readonly places: CutPlace[] = [];
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #rules: AccessRules;
  readonly #isCut: (demands: Demands) => boolean;

  constructor({ fragments, rules, isCut }: Parameters<typeof cutOperation>[1]) {
    this.#fragments = fragments;
    this.#rules = rules;
    this.#isCut = isCut;
  }

  cut({ selections }: SelectionSetNode, at: At): Parts {
    const parts: Parts = { shown: [], left: [] };
    for (const selection of selections) {
      const condition = at.condition === 'never' ? 'never' : conditionOf(selection.directives ?? [], at.condition);
      const here = { ...at, condition };
      if (selection.kind === Kind.FIELD) this.#field(selection, here, parts);
      else {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? this.#fragments.get(selection.name.value) : selection;
        if (fragment === undefined) continue; // validation refuses such operations
        this.#fragment({ ...fragment, directives: selection.directives }, here, parts);
      }
    }
    return parts;
  }

  #fragment({ typeCondition, directives, selectionSet }: Omit<InlineFragmentNode, 'kind'>, at: At, parts: Parts): void {
    const parent = typeCondition?.name.value ?? at.parent;
    const fitting = this.#rules.types.concreteTypes(parent);
    const possible = at.possible.filter((type) => fitting.includes(type));
    if (possible.length === 0) return; // no object is ever asked for it
    const inner = this.cut(selectionSet, { ...at, parent, possible });
    const base = { kind: Kind.INLINE_FRAGMENT, typeCondition, directives } as const;
    if (inner.shown.length > 0) parts.shown.push({ ...base, selectionSet: setOf(inner.shown) });
    if (inner.left.length > 0) parts.left.push({ ...base, selectionSet: setOf(inner.left) });
    // Which objects have a null for what is gone, their types tell.
    else if (inner.shown.length > 0) parts.left.push(TYPENAME);
  }

  #field(field: FieldNode, at: At, parts: Parts): void {
    const { types } = this.#rules;
    const name = field.name.value;
    if (name.startsWith('__')) {
      parts.shown.push(field);
      parts.left.push(field);
      return;
    }
    const type = types.field(at.parent, name)?.type;
    const path = [...at.path, (field.alias ?? field.name).value];
    const demands = this.#rules.at(at.parent, at.possible, name);
    if (demands.size > 0 && this.#isCut(demands)) {
      const node: FieldNode = field.selectionSet ? { ...field, selectionSet: setOf([]) } : { ...field };
      this.nodes.add(node);
      parts.shown.push(node);
      // Where no object can be, nobody lacks anything.
      if (at.condition !== 'never' && at.possible.length > 0) this.places.push({ path, condition: at.condition, demands });
      return;
    }
    if (!field.selectionSet || type === undefined) {
      parts.shown.push(field);
      parts.left.push(field);
      return;
    }
    const named = getNamedType(type);
    const below: At = {
      parent: named.name,
      possible: isCompositeType(named) ? types.concreteTypes(named.name) : [],
      path: [...path, ...itemsOf(type)],
      condition: at.condition,
    };
    const inner = this.cut(field.selectionSet, below);
    parts.shown.push({ ...field, selectionSet: setOf(inner.shown) });
    parts.left.push({ ...field, selectionSet: filled(inner.left) });
  }
}

const setOf = (selections: readonly SelectionNode[]): SelectionSetNode => ({ kind: Kind.SELECTION_SET, selections });
const filled = (selections: readonly SelectionNode[]): SelectionSetNode => setOf(selections.length === 0 ? [TYPENAME] : selections);

/** One `@` for each list a type is in. */
function itemsOf(type: GraphQLOutputType): readonly string[] {
  const nullable = getNullableType(type);
  return isListType(nullable) ? ['@', ...itemsOf(nullable.ofType)] : [];
}
