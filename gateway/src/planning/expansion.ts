import { LoomError } from '@loomgraph/core';
import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql';

export interface ExpansionLimits {
  /** Fields and fragments, those of a named fragment counted at each place it is used. */
  readonly maxSelections: number;
  /** Selection sets within each other, those of fragments included. */
  readonly maxDepth: number;
}

export interface Expansion {
  readonly selections: number;
  readonly depth: number;
}

export const defaultExpansionLimits: ExpansionLimits = { maxSelections: 10_000, maxDepth: 200 };

/** The operation is larger than what is planned. The message names the limit. */
export class OperationTooComplexError extends LoomError {
  constructor(what: string, limit: number) {
    super('OPERATION_TOO_COMPLEX', `The operation ${what}; at most ${limit} are allowed.`, { details: { limit } });
  }
}

/**
 * Refuses a document before time is spent on validating and planning it: answers the size of its largest operation once all fragments
 * are put in their places, or throws `OperationTooComplexError` (`OPERATION_TOO_COMPLEX`).
 *
 * Each fragment is counted once and remembered, so the time is linear in the document however large it expands. The document need not
 * be valid: fragments that are unknown or contain themselves count as empty, validation tells what is wrong with them.
 */
export function assertExpansionWithin(document: DocumentNode, limits: ExpansionLimits = defaultExpansionLimits): Expansion {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const counter = new ExpansionCounter(fragments, limits);
  let largest = EMPTY;
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    largest = larger(largest, counter.count(definition.selectionSet, 1));
  }
  return largest;
}

const EMPTY: Expansion = { selections: 0, depth: 0 };

const larger = (a: Expansion, b: Expansion): Expansion => ({
  selections: Math.max(a.selections, b.selections),
  depth: Math.max(a.depth, b.depth),
});

class ExpansionCounter {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #limits: ExpansionLimits;
  /** Of fragments; one that is being counted counts as empty, which ends cycles. */
  readonly #counted = new Map<string, Expansion>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, limits: ExpansionLimits) {
    this.#fragments = fragments;
    this.#limits = limits;
  }

  /** `level` is how deep this selection set lies; checking it on the way down also bounds the recursion. */
  count(selectionSet: SelectionSetNode, level: number): Expansion {
    const { maxSelections, maxDepth } = this.#limits;
    if (level > maxDepth) throw new OperationTooComplexError('nests its selections too deep', maxDepth);
    let selections = 0;
    let depth = 0;
    for (const selection of selectionSet.selections) {
      const inner =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.#countFragment(selection.name.value, level + 1)
          : selection.selectionSet
            ? this.count(selection.selectionSet, level + 1)
            : EMPTY;
      if (level + inner.depth > maxDepth) throw new OperationTooComplexError('nests its selections too deep', maxDepth);
      selections += 1 + inner.selections;
      if (selections > maxSelections) throw new OperationTooComplexError('expands to too many selections', maxSelections);
      depth = Math.max(depth, inner.depth);
    }
    return { selections, depth: depth + 1 };
  }

  #countFragment(name: string, level: number): Expansion {
    const known = this.#counted.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    if (!fragment) return EMPTY;
    this.#counted.set(name, EMPTY);
    const expansion = this.count(fragment.selectionSet, level);
    this.#counted.set(name, expansion);
    return expansion;
  }
}
