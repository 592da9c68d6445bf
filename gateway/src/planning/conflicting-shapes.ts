import { isLeafType, Kind, type SelectionSetNode } from 'graphql';
import type { SubgraphFacts } from './subgraph-facts.js';

/** A selection set and the type it is on; undefined for `_entities`, whose fragments tell. */
interface Placed {
  readonly selectionSet: SelectionSetNode;
  readonly type: string | undefined;
}

interface Shape {
  /** Lists and non-nulls around the named type, and the type itself where it is a leaf: `[String!]`, `[]!`. */
  readonly text: string;
  readonly field: string;
  readonly within: Placed[];
}

const TYPENAME_TYPE = 'String!';

/**
 * The first two fields of a fetch that would stand under one key of its answer with values of different shapes. A server that validates refuses
 * them even for types that never are one object, https://spec.graphql.org/October2021/#SameResponseShape()
 */
export function conflictingShapes(subgraph: SubgraphFacts, selectionSet: SelectionSetNode, type: string | undefined): string | undefined {
  return among(subgraph, [{ selectionSet, type }]);
}

function among(subgraph: SubgraphFacts, sets: readonly Placed[]): string | undefined {
  const shapes = new Map<string, Shape>();
  for (const set of sets) {
    const conflict = collect(subgraph, set, shapes);
    if (conflict !== undefined) return conflict;
  }
  for (const { within } of shapes.values()) {
    const conflict = within.length > 0 ? among(subgraph, within) : undefined;
    if (conflict !== undefined) return conflict;
  }
  return undefined;
}

function collect(subgraph: SubgraphFacts, { selectionSet, type }: Placed, shapes: Map<string, Shape>): string | undefined {
  for (const selection of selectionSet.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const inner = { selectionSet: selection.selectionSet, type: selection.typeCondition?.name.value ?? type };
      const conflict = collect(subgraph, inner, shapes);
      if (conflict !== undefined) return conflict;
    } else if (selection.kind === Kind.FIELD && type !== undefined) {
      const name = selection.name.value;
      const text = name === '__typename' ? TYPENAME_TYPE : subgraph.typeText(type, name);
      if (text === undefined) continue; // another check says what is wrong with it
      const key = (selection.alias ?? selection.name).value;
      const field = `${type}.${name}`;
      const shape = shapeOf(subgraph, text);
      const known = shapes.get(key) ?? { text: shape, field, within: [] };
      shapes.set(key, known);
      if (known.text !== shape) return `${subgraph.name} refuses ${known.field} and ${field} under the key ${key}: their types differ`;
      if (selection.selectionSet) known.within.push({ selectionSet: selection.selectionSet, type: text.replaceAll(/[[\]!]/g, '') });
    }
  }
  return undefined;
}

function shapeOf({ supergraph }: SubgraphFacts, text: string): string {
  const named = text.replaceAll(/[[\]!]/g, '');
  return isLeafType(supergraph.schema.getType(named)) ? text : text.replace(named, '');
}
