import { assertNever } from '@loomgraph/core';
import { Kind, type FieldNode, type SelectionSetNode } from 'graphql';
import type { SubgraphFacts } from './subgraph-facts.js';

/** Where in a fetch a selection set stands. */
interface Position {
  readonly type: string;
  /** What the fields above provide of the fields here. */
  readonly provided: readonly SelectionSetNode[];
  /** Directly on an object the subgraph was sent a representation of, with what its fields require. */
  readonly isEntity: boolean;
}

/** The first field of a fetch that its subgraph cannot resolve at its place, and why. */
export function unresolvableField(
  subgraph: SubgraphFacts,
  selectionSet: SelectionSetNode,
  { type, isEntity }: Pick<Position, 'type' | 'isEntity'>,
): string | undefined {
  return inSelections(subgraph, selectionSet, { type, isEntity, provided: [] });
}

function inSelections(subgraph: SubgraphFacts, { selections }: SelectionSetNode, position: Position): string | undefined {
  for (const selection of selections) {
    let problem: string | undefined;
    switch (selection.kind) {
      case Kind.FIELD:
        if (!selection.name.value.startsWith('__')) problem = inField(subgraph, selection, position);
        break;
      case Kind.INLINE_FRAGMENT: {
        const type = selection.typeCondition?.name.value ?? position.type;
        problem = subgraph.knows(type)
          ? inSelections(subgraph, selection.selectionSet, { ...position, type })
          : `${subgraph.name} does not have ${type}`;
        break;
      }
      case Kind.FRAGMENT_SPREAD: // put in place before
        break;
      default:
        return assertNever(selection);
    }
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function inField(subgraph: SubgraphFacts, node: FieldNode, position: Position): string | undefined {
  const { type, provided, isEntity } = position;
  const name = node.name.value;
  const field = subgraph.field(type, name);
  if (!field) return `${subgraph.name} does not have ${type}.${name}`;
  const external = externalType(subgraph, type, name, provided);
  if (external !== undefined) return `${subgraph.name} resolves ${external}.${name} on other paths only`;
  if (!isEntity && field.requires && !isAllLocal(subgraph, field.requires, position)) {
    return `${subgraph.name} is not told what ${type}.${name} requires`;
  }
  if (!node.selectionSet || field.type === undefined) return undefined;
  const inner = provided.length === 0 ? provided : providedWithin(subgraph, provided, type, name);
  return inSelections(subgraph, node.selectionSet, {
    type: field.type,
    provided: field.provides ? [...inner, field.provides] : inner,
    isEntity: false,
  });
}

/** The type, that of the position or one behind it, of which the field is neither the subgraph's nor provided here. */
export function externalType(
  subgraph: SubgraphFacts,
  type: string,
  name: string,
  provided: readonly SelectionSetNode[],
): string | undefined {
  const isMissing = (each: string): boolean =>
    subgraph.field(each, name)?.isExternal === true && !provided.some((set) => providers(subgraph, set, each, name).length > 0);
  if (isMissing(type)) return type;
  const isInterface = subgraph.supergraph.isAbstract(type) && !subgraph.isInterfaceObject(type);
  return isInterface ? subgraph.possibleTypes(type).find(isMissing) : undefined;
}

/** What a field requires may be at hand without a representation, as the planners know. */
function isAllLocal(subgraph: SubgraphFacts, required: SelectionSetNode, { type, provided }: Position): boolean {
  return required.selections.every(
    (selection) => selection.kind === Kind.FIELD && externalType(subgraph, type, selection.name.value, provided) === undefined,
  );
}

export function providedWithin(
  subgraph: SubgraphFacts,
  provided: readonly SelectionSetNode[],
  type: string,
  name: string,
): readonly SelectionSetNode[] {
  return provided.flatMap((set) => providers(subgraph, set, type, name)).flatMap(({ selectionSet }) => selectionSet ?? []);
}

/** The fields of that name in a field set that apply to objects of the type. */
function providers(subgraph: SubgraphFacts, { selections }: SelectionSetNode, type: string, name: string): readonly FieldNode[] {
  return selections.flatMap((selection): readonly FieldNode[] => {
    if (selection.kind === Kind.FIELD) return selection.name.value === name ? [selection] : [];
    if (selection.kind !== Kind.INLINE_FRAGMENT) return [];
    const condition = selection.typeCondition?.name.value ?? type;
    return subgraph.supergraph.overlaps(type, condition) ? providers(subgraph, selection.selectionSet, type, name) : [];
  });
}
