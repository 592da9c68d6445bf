import { assertNever } from '@loomgraph/core';
import { Kind, print, type FieldNode, type SelectionSetNode } from 'graphql';
import type { Fragments } from '../root-selections.js';
import type { SupergraphTypes } from '../supergraph-types.js';
import { conditionOf, isCondition, simplified, type Conjunction } from './conditions.js';

/** A selection set, and when it is wanted. */
export interface Part {
  readonly selectionSet: SelectionSetNode;
  readonly condition: Conjunction;
}

/** A field an operation wants of objects of one type. */
export interface WantedField {
  readonly key: string;
  /** Without selections and conditions. */
  readonly field: FieldNode;
  readonly conditions: readonly Conjunction[];
  /** What is wanted of its value, conditions counted from where the field itself is wanted. */
  readonly parts: readonly Part[];
}

/** All that is wanted of objects of a concrete type, by response key. `__typename` is among it. */
export function wantedFields(
  parts: readonly Part[],
  type: string,
  scope: { readonly facts: SupergraphTypes; readonly fragments: Fragments },
): Map<string, WantedField> {
  const found = new Map<string, { readonly field: FieldNode; readonly uses: { field: FieldNode; condition: Conjunction }[] }>();
  const collect = ({ selectionSet, condition: outer }: Part): void => {
    for (const selection of selectionSet.selections) {
      const condition = conditionOf(selection, outer);
      if (condition === undefined) continue;
      switch (selection.kind) {
        case Kind.FIELD: {
          const key = (selection.alias ?? selection.name).value;
          const known = found.get(key);
          if (known) known.uses.push({ field: selection, condition });
          else found.set(key, { field: bare(selection), uses: [{ field: selection, condition }] });
          break;
        }
        case Kind.INLINE_FRAGMENT: {
          const on = selection.typeCondition?.name.value;
          if (on === undefined || scope.facts.fits(type, on)) collect({ selectionSet: selection.selectionSet, condition });
          break;
        }
        case Kind.FRAGMENT_SPREAD: {
          const fragment = scope.fragments.get(selection.name.value);
          if (fragment && scope.facts.fits(type, fragment.typeCondition.name.value))
            collect({ selectionSet: fragment.selectionSet, condition });
          break;
        }
        default:
          assertNever(selection);
      }
    }
  };
  for (const part of parts) collect(part);
  return new Map(
    [...found].map(([key, { field, uses }]) => {
      const conditions = simplified(uses.map(({ condition }) => condition));
      const inner = uses.flatMap(({ field: { selectionSet }, condition }): readonly Part[] =>
        selectionSet ? [{ selectionSet, condition: conditions.length === 1 && isSame(condition, conditions[0]) ? [] : condition }] : [],
      );
      return [key, { key, field, conditions, parts: inner }];
    }),
  );
}

/** Whether it takes the types of the objects to tell what is wanted of which, or in which order. */
export function dependsOnTypes(
  parts: readonly Part[],
  types: readonly string[],
  scope: { readonly facts: SupergraphTypes; readonly fragments: Fragments },
): boolean {
  return parts.some(({ selectionSet, condition: outer }) =>
    selectionSet.selections.some((selection) => {
      const condition = conditionOf(selection, outer);
      if (condition === undefined || selection.kind === Kind.FIELD) return false;
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : scope.fragments.get(selection.name.value);
      const on = fragment?.typeCondition?.name.value;
      const fitting = on === undefined ? types : types.filter((type) => scope.facts.fits(type, on));
      if (!fragment || fitting.length === 0) return false;
      return fitting.length < types.length || dependsOnTypes([{ selectionSet: fragment.selectionSet, condition }], types, scope);
    }),
  );
}

/** Whether two fields want the same of the objects they are asked of. */
export function isSameWant(one: WantedField, other: WantedField | undefined): boolean {
  return (
    other !== undefined &&
    (one.field === other.field || print(one.field) === print(other.field)) &&
    one.conditions.length === other.conditions.length &&
    one.conditions.every((condition, index) => isSame(condition, other.conditions[index])) &&
    one.parts.length === other.parts.length &&
    one.parts.every((part, index) => {
      const counterpart = other.parts[index];
      return part.selectionSet === counterpart?.selectionSet && isSame(part.condition, counterpart.condition);
    })
  );
}

const bareFields = new WeakMap<FieldNode, FieldNode>();

/** The same object each time, so that it can be compared. */
function bare(field: FieldNode): FieldNode {
  let result = bareFields.get(field);
  if (result === undefined) {
    const { alias: _alias, selectionSet: _selectionSet, directives = [], ...rest } = field;
    result = { ...rest, directives: directives.filter((directive) => !isCondition(directive)) };
    bareFields.set(field, result);
  }
  return result;
}

function isSame(one: Conjunction, other: Conjunction | undefined): boolean {
  return other !== undefined && one.length === other.length && one.every((demand, index) => demand === other[index]);
}
