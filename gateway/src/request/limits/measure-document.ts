import {
  Kind,
  type DirectiveNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { defaultDocumentLimits, type DocumentLimits } from './document-limits.js';
import { LimitExceededError, type LimitName } from './limit-exceeded.js';

/** How large an operation is once all fragments are put in their places. */
export interface OperationSize {
  readonly selections: number;
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly rootFields: number;
}

/** Of a part of it; `rootFields` are those on the part's own level. */
type Size = OperationSize;

const EMPTY: Size = { selections: 0, depth: 0, aliases: 0, directives: 0, rootFields: 0 };

/**
 * Refuses a document before time is spent on validating and planning it; answers the size of its largest operation.
 *
 * Each fragment is measured once and remembered, relative to where it is used, so the time is linear in the document however large it
 * expands. The document need not be valid: fragments that are unknown or contain themselves count as empty, validation tells what is wrong
 * with them. Nothing is left out of the count because of its name.
 * @throws LimitExceededError (OPERATION_TOO_COMPLEX)
 */
export function measureDocument(document: DocumentNode, limits: DocumentLimits = defaultDocumentLimits): OperationSize {
  const fragments = new Map<string, FragmentDefinitionNode>();
  const operations: OperationDefinitionNode[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
    else if (definition.kind === Kind.OPERATION_DEFINITION) operations.push(definition);
  }
  refuseOver('operations', operations.length, limits.maxOperations, (counted) => `The document holds ${counted} operations`);
  const fragmentCount = document.definitions.length - operations.length;
  refuseOver('fragments', fragmentCount, limits.maxFragments, (counted) => `The document defines ${counted} fragments`);
  const measure = new Measure(fragments, limits);
  let largest = EMPTY;
  for (const operation of operations) {
    const size = measure.operation(operation);
    if (size.selections >= largest.selections) largest = size;
  }
  // What no operation uses is validated, too.
  for (const fragment of fragments.values()) measure.fragment(fragment.name.value, 1);
  return largest;
}

class Measure {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly #limits: DocumentLimits;
  /** Of fragments; one that is being measured counts as empty, which ends cycles. */
  readonly #measured = new Map<string, Size>();

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>, limits: DocumentLimits) {
    this.#fragments = fragments;
    this.#limits = limits;
  }

  operation({ selectionSet, directives, variableDefinitions = [] }: OperationDefinitionNode): Size {
    let own = this.#directives(directives);
    for (const variable of variableDefinitions) {
      own += this.#directives(variable.directives);
      if (variable.defaultValue) this.#value(variable.defaultValue);
    }
    const size = this.#set(selectionSet, 1);
    const { maxRootFields, maxDirectives } = this.#limits;
    refuseOver('rootFields', size.rootFields, maxRootFields, (counted) => `The operation selects ${counted} fields at its root`);
    const all = size.directives + own;
    refuseOver('directives', all, maxDirectives, (counted) => `The operation comes to ${counted} or more directives`);
    return { ...size, directives: all };
  }

  fragment(name: string, level: number): Size {
    const known = this.#measured.get(name);
    if (known) return known;
    const fragment = this.#fragments.get(name);
    if (!fragment) return EMPTY;
    this.#measured.set(name, EMPTY);
    const own = this.#directives(fragment.directives);
    const inner = this.#set(fragment.selectionSet, level);
    const size = { ...inner, directives: inner.directives + own };
    this.#measured.set(name, size);
    return size;
  }

  /** `level` is how deep this selection set lies; checking it on the way down also bounds the recursion. */
  #set(selectionSet: SelectionSetNode, level: number): Size {
    const { maxSelections, maxDepth, maxAliases, maxDirectives } = this.#limits;
    if (level > maxDepth) throw tooDeep(level, maxDepth);
    let [selections, depth, aliases, directives, rootFields] = [0, 0, 0, 0, 0];
    for (const selection of selectionSet.selections) {
      const inner = this.#selection(selection, level + 1);
      if (level + inner.depth > maxDepth) throw tooDeep(level + inner.depth, maxDepth);
      selections += 1 + inner.selections;
      refuseOver('selections', selections, maxSelections, (counted) => `The operation expands to ${counted} or more selections`);
      const isField = selection.kind === Kind.FIELD;
      aliases += inner.aliases + (isField && selection.alias !== undefined ? 1 : 0);
      refuseOver('aliases', aliases, maxAliases, (counted) => `The operation comes to ${counted} or more aliases`);
      directives += inner.directives + this.#directives(selection.directives);
      refuseOver('directives', directives, maxDirectives, (counted) => `The operation comes to ${counted} or more directives`);
      rootFields += isField ? 1 : inner.rootFields;
      depth = Math.max(depth, inner.depth);
    }
    return { selections, depth: depth + 1, aliases, directives, rootFields };
  }

  #selection(selection: SelectionNode, level: number): Size {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return this.fragment(selection.name.value, level);
    if (selection.kind === Kind.FIELD) for (const { value } of selection.arguments ?? []) this.#value(value);
    return selection.selectionSet ? this.#set(selection.selectionSet, level) : EMPTY;
  }

  /** @returns how many there are */
  #directives(directives: readonly DirectiveNode[] | undefined): number {
    if (directives === undefined || directives.length === 0) return 0;
    const { maxDirectivesPerPlace } = this.#limits;
    refuseOver('directives', directives.length, maxDirectivesPerPlace, (counted) => `One place of the document has ${counted} directives`);
    for (const { arguments: given } of directives) for (const { value } of given ?? []) this.#value(value);
    return directives.length;
  }

  /** Bounded by `assertNestingWithin`. */
  #value(value: ValueNode): void {
    if (value.kind === Kind.LIST) {
      refuseOver('listSize', value.values.length, this.#limits.maxListSize, (counted) => `A list in the document holds ${counted} items`);
      for (const item of value.values) this.#value(item);
    } else if (value.kind === Kind.OBJECT) for (const field of value.fields) this.#value(field.value);
  }
}

function tooDeep(counted: number, max: number): LimitExceededError {
  return new LimitExceededError(`The operation nests its selections ${counted} or more levels deep`, { limit: 'depth', max, counted });
}

function refuseOver(limit: LimitName, counted: number, max: number, what: (counted: number) => string): void {
  if (counted > max) throw new LimitExceededError(what(counted), { limit, max, counted });
}
