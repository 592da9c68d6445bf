import { assertNever } from '@loomgraph/core';
import { Kind, type SelectionSetNode } from 'graphql';
import type { Verification } from './verification.js';
import { isLeftOut } from './condition-values.js';
import { isOtherField } from './field-meaning.js';
import type { Fragments } from './root-selections.js';
import type { Place } from './symbolic-answer.js';

interface Walk extends Pick<Verification, 'facts' | 'steps' | 'values'> {
  readonly fragments: Fragments;
}

/** Where in the answer a selection set applies. */
interface Objects {
  readonly place: Place;
  readonly type: string;
  /** Nothing but the objects themselves tells their type. */
  readonly isAbstract: boolean;
  /** For people. */
  readonly path: string;
}

/** The first field of an operation that some object of the answer should have and nothing brought. */
export function missingField(selectionSet: SelectionSetNode, root: Place, walk: Walk): string | undefined {
  return inPlace(selectionSet, { place: root, isAbstract: false, path: '' }, walk);
}

function inPlace(selectionSet: SelectionSetNode, objects: Omit<Objects, 'type'>, walk: Walk): string | undefined {
  for (const type of objects.place.types) {
    if (walk.facts.isInaccessible(type)) continue;
    const problem = inObjects(selectionSet, { ...objects, type }, walk);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function inObjects({ selections }: SelectionSetNode, objects: Objects, walk: Walk): string | undefined {
  const { facts, fragments, steps, values } = walk;
  const inFragment = (condition: string | undefined, selectionSet: SelectionSetNode): string | undefined => {
    if (condition !== undefined && objects.isAbstract && !isTypeTold(condition, objects, walk)) {
      return `${objects.path}: nothing tells which objects are ${condition}`;
    }
    return condition === undefined || facts.fits(objects.type, condition) ? inObjects(selectionSet, objects, walk) : undefined;
  };
  for (const selection of selections) {
    if (!steps.take(1)) return undefined;
    if (isLeftOut(selection, values)) continue;
    let problem: string | undefined;
    switch (selection.kind) {
      case Kind.FIELD: {
        const { place, type, isAbstract, path } = objects;
        const name = selection.name.value;
        if (name.startsWith('__')) {
          if (name === '__typename' && isAbstract && !place.find(type, name)) problem = `nothing brings ${path}.__typename of ${type}`;
          break;
        }
        const key = (selection.alias ?? selection.name).value;
        const brought = place.find(type, key);
        if (brought) brought.isUsed = true;
        if (!brought) problem = `nothing brings ${path}.${key} of ${type}`;
        else if (brought.isMixed || isOtherField(brought.meaning, name)) {
          problem = `${path}.${key} of ${type} may hold ${brought.meaning}`;
        } else if (selection.selectionSet && brought.place) {
          const inner = facts.fieldType(type, name);
          const isInnerAbstract = inner !== undefined && facts.isAbstract(inner);
          problem = inPlace(selection.selectionSet, { place: brought.place, isAbstract: isInnerAbstract, path: `${path}.${key}` }, walk);
        }
        break;
      }
      case Kind.INLINE_FRAGMENT:
        problem = inFragment(selection.typeCondition?.name.value, selection.selectionSet);
        break;
      case Kind.FRAGMENT_SPREAD: {
        const fragment = fragments.get(selection.name.value);
        if (fragment) problem = inFragment(fragment.typeCondition.name.value, fragment.selectionSet);
        break;
      }
      default:
        return assertNever(selection);
    }
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A condition that all objects here fit, or none, needs no type name. */
function isTypeTold(condition: string, { place, type }: Objects, { facts }: Walk): boolean {
  if (place.find(type, '__typename')) return true;
  return place.types.every((each) => facts.fits(each, condition) === facts.fits(type, condition));
}
