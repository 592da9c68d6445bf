import {
  getNamedType,
  isAbstractType,
  isEnumType,
  isInterfaceType,
  isObjectType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationTypeNode,
} from 'graphql';
import { directivesOf, textArgument } from './join-directives.js';
import { SubgraphFacts } from './subgraph-facts.js';
import type { SupergraphTypes } from './supergraph-types.js';

/** What a supergraph says of its types and of what each subgraph has of them. Read as it is asked for, and kept. */
export class SupergraphFacts implements SupergraphTypes {
  readonly #subgraphs = new Map<string, SubgraphFacts | undefined>();
  readonly #concrete = new Map<string, readonly string[]>();

  constructor(readonly schema: GraphQLSchema) {}

  /** Undefined when the supergraph has no subgraph of that name. */
  subgraph(name: string): SubgraphFacts | undefined {
    if (!this.#subgraphs.has(name)) {
      const graph = this.#graphOf(name);
      this.#subgraphs.set(name, graph === undefined ? undefined : new SubgraphFacts(this, name, graph));
    }
    return this.#subgraphs.get(name);
  }

  rootType(kind: OperationTypeNode | 'query' | 'mutation' | 'subscription'): string | undefined {
    const { schema } = this;
    const roots = { query: schema.getQueryType(), mutation: schema.getMutationType(), subscription: schema.getSubscriptionType() };
    return roots[kind]?.name;
  }

  isAbstract(type: string): boolean {
    return isAbstractType(this.schema.getType(type));
  }

  /** Whether objects of a concrete type fit a condition on another one. */
  fits(concrete: string, condition: string): boolean {
    return concrete === condition || this.concreteTypes(condition).includes(concrete);
  }

  /** Whether some objects may be of both types. */
  overlaps(one: string, other: string): boolean {
    return one === other || this.concreteTypes(one).some((type) => this.fits(type, other));
  }

  /** The types objects can have where a type is named; the type itself unless it is abstract. */
  concreteTypes(name: string): readonly string[] {
    let names = this.#concrete.get(name);
    if (names === undefined) this.#concrete.set(name, (names = this.#readConcrete(this.schema.getType(name))));
    return names;
  }

  /** Clients see null in place of such an object, so that no field of it is needed. */
  isInaccessible(type: string): boolean {
    return directivesOf(this.schema.getType(type)?.astNode, 'inaccessible').length > 0;
  }

  /** A field as the supergraph merged it. */
  field(type: string, field: string): GraphQLField<unknown, unknown> | undefined {
    const parent = this.schema.getType(type);
    return isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[field] : undefined;
  }

  fieldType(type: string, field: string): string | undefined {
    const definition = this.field(type, field);
    return definition && getNamedType(definition.type).name;
  }

  #readConcrete(type: GraphQLNamedType | undefined): readonly string[] {
    if (isObjectType(type)) return [type.name];
    return isAbstractType(type) ? this.schema.getPossibleTypes(type).map(({ name }: GraphQLObjectType) => name) : [];
  }

  subgraphNames(): readonly string[] {
    return this.#graphs().map(({ name }) => name);
  }

  #graphOf(name: string): string | undefined {
    return this.#graphs().find((one) => one.name === name)?.graph;
  }

  #graphs(): readonly { readonly name: string; readonly graph: string }[] {
    const graphs = this.schema.getType('join__Graph');
    if (!isEnumType(graphs)) return [];
    return graphs.getValues().flatMap(({ astNode, name: graph }) =>
      directivesOf(astNode, 'join__graph').flatMap((directive) => {
        const name = textArgument(directive, 'name');
        return name === undefined ? [] : { name, graph };
      }),
    );
  }
}

const known = new WeakMap<GraphQLSchema, SupergraphFacts>();

/** The facts of a supergraph, the same ones each time. */
export function factsOf(supergraph: GraphQLSchema): SupergraphFacts {
  let facts = known.get(supergraph);
  if (facts === undefined) known.set(supergraph, (facts = new SupergraphFacts(supergraph)));
  return facts;
}
