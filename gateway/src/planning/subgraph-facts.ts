import { isInterfaceType, isObjectType, isUnionType, Kind, print, type SelectionSetNode } from 'graphql';
import { directivesOf, fieldSetArgument, textArgument } from './join-directives.js';
import type { SupergraphTypes } from './supergraph-types.js';

/** A field as one subgraph has it. */
export interface SubgraphField {
  /** Resolved only where a field above provides it. */
  readonly isExternal: boolean;
  readonly provides: SelectionSetNode | undefined;
  readonly requires: SelectionSetNode | undefined;
  /** Its named type there. */
  readonly type: string | undefined;
}

/** What a supergraph says of one of its subgraphs. Progressive overrides count for both sides. */
export class SubgraphFacts {
  readonly #fields = new Map<string, SubgraphField | undefined>();
  readonly #possible = new Map<string, readonly string[]>();
  readonly #keys = new Map<string, ReadonlySet<string>>();
  readonly #costly = new Map<string, boolean>();

  constructor(
    readonly supergraph: SupergraphTypes,
    readonly name: string,
    readonly graph: string,
  ) {}

  /** Types the supergraph does not place anywhere are known to all. */
  knows(type: string): boolean {
    const places = directivesOf(this.supergraph.schema.getType(type)?.astNode, 'join__type');
    return places.length === 0 || places.some((place) => textArgument(place, 'graph') === this.graph);
  }

  /** Here an object type that stands for all that implement the interface, whose own types this subgraph cannot tell. */
  isInterfaceObject(type: string): boolean {
    return directivesOf(this.supergraph.schema.getType(type)?.astNode, 'join__type').some(
      (place) => textArgument(place, 'graph') === this.graph && textArgument(place, 'isInterfaceObject') === 'true',
    );
  }

  /** Undefined when this subgraph does not have the field. */
  field(type: string, field: string): SubgraphField | undefined {
    const coordinate = `${type}.${field}`;
    if (!this.#fields.has(coordinate)) this.#fields.set(coordinate, this.#readField(type, field));
    return this.#fields.get(coordinate);
  }

  /** The type of a field in this subgraph, as SDL: `[String!]!`. Undefined where there is no such field. */
  typeText(type: string, field: string): string | undefined {
    const node = this.supergraph.field(type, field)?.astNode;
    const own = directivesOf(node, 'join__field').find((place) => textArgument(place, 'graph') === this.graph);
    return (own && textArgument(own, 'type')) ?? (node ? print(node.type) : undefined);
  }

  /** Whether a field that fails here costs the object it is of. Keys do not: without them the subgraph would not have the object. */
  isCostly(type: string, field: string): boolean {
    const coordinate = `${type}.${field}`;
    let isCostly = this.#costly.get(coordinate);
    if (isCostly === undefined) this.#costly.set(coordinate, (isCostly = this.#readCostly(type, field)));
    return isCostly;
  }

  #readCostly(type: string, field: string): boolean {
    return this.typeText(type, field)?.endsWith('!') === true && !this.#keysOf(type).has(field);
  }

  /** The concrete types of objects this subgraph can answer where its type is `type`. */
  possibleTypes(type: string): readonly string[] {
    let names = this.#possible.get(type);
    if (names === undefined) this.#possible.set(type, (names = this.#readPossible(type)));
    return names;
  }

  #readField(typeName: string, fieldName: string): SubgraphField | undefined {
    const { supergraph, graph } = this;
    const type = supergraph.schema.getType(typeName);
    const node = isObjectType(type) || isInterfaceType(type) ? type.getFields()[fieldName]?.astNode : undefined;
    if (!node || !this.knows(typeName)) return undefined;
    const merged = supergraph.fieldType(typeName, fieldName);
    const places = directivesOf(node, 'join__field');
    if (places.length === 0) return { isExternal: false, provides: undefined, requires: undefined, type: merged };
    const own = places.find((place) => textArgument(place, 'graph') === graph);
    if (!own) return undefined;
    return {
      // A key is told in a representation; older subgraphs mark it all the same.
      isExternal: textArgument(own, 'external') === 'true' && !this.#keysOf(typeName).has(fieldName),
      provides: fieldSetArgument(own, 'provides'),
      requires: fieldSetArgument(own, 'requires'),
      type: textArgument(own, 'type')?.replaceAll(/[[\]!]/g, '') ?? merged,
    };
  }

  #readPossible(name: string): readonly string[] {
    const all = this.supergraph.concreteTypes(name);
    const type = this.supergraph.schema.getType(name);
    if (isUnionType(type)) {
      const members = directivesOf(type.astNode, 'join__unionMember').filter((member) => textArgument(member, 'graph') === this.graph);
      const names = new Set(members.map((member) => textArgument(member, 'member')));
      return members.length === 0 ? all : all.filter((each) => names.has(each));
    }
    if (!isInterfaceType(type) || this.isInterfaceObject(name)) return all;
    return all.filter((each) =>
      directivesOf(this.supergraph.schema.getType(each)?.astNode, 'join__implements').some(
        (one) => textArgument(one, 'graph') === this.graph && textArgument(one, 'interface') === name,
      ),
    );
  }

  #keysOf(type: string): ReadonlySet<string> {
    let names = this.#keys.get(type);
    if (names === undefined) {
      names = new Set(
        directivesOf(this.supergraph.schema.getType(type)?.astNode, 'join__type')
          .filter((place) => textArgument(place, 'graph') === this.graph)
          .flatMap((place) => fieldSetArgument(place, 'key')?.selections ?? [])
          .flatMap((selection) => (selection.kind === Kind.FIELD ? selection.name.value : [])),
      );
      this.#keys.set(type, names);
    }
    return names;
  }
}

/** The keys by which a subgraph takes representations of a type. */
export function keysOf({ supergraph, graph }: SubgraphFacts, type: string): readonly SelectionSetNode[] {
  return directivesOf(supergraph.schema.getType(type)?.astNode, 'join__type').flatMap((place) => {
    const isTaken = textArgument(place, 'graph') === graph && textArgument(place, 'resolvable') !== 'false';
    return (isTaken ? fieldSetArgument(place, 'key') : undefined) ?? [];
  });
}
