import {
  getNamedType,
  isInterfaceType,
  isObjectType,
  Kind,
  type GraphQLInterfaceType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import { directivesOf, fieldSetArgument, textArgument } from '../planning/join-directives.js';
import { factsOf, type SupergraphFacts } from '../planning/supergraph-facts.js';
import { findAccessDirectives, readDemands, type AccessDirectives } from './access-directives.js';
import { contextSelections } from './context-selections.js';
import { DemandPool, implies, NO_DEMANDS, union, type Demand, type Demands } from './demand.js';

/**
 * What it takes to be answered a field, by the supergraph's `@authenticated`, `@requiresScopes` and `@policy`.
 *
 * 1. A field of an object asks for what is asked by the field, by the object's type and by the type of its value.
 * 2. A field that is resolved from others (`@requires`, `@fromContext`) asks for what those ask, however long the chain: their values
 *    would reach the client through it (GHSA-m8jr-fxqx-8xx6).
 * 3. A field of an interface or a type condition on one asks for what all types ask that the object may have there.
 * 4. What an interface itself says counts for the types that implement it, too, unless it only sums up what these say
 *    (GHSA-mx7m-j9xf-62hw): composition from 2.12 on writes such sums, earlier ones left what people wrote.
 */
export class AccessRules {
  readonly #pool = new DemandPool();
  readonly #facts: SupergraphFacts;
  readonly #contexts: ReadonlyMap<string, readonly string[]>;
  readonly #ofType = new Map<string, Demands>();
  readonly #ofField = new Map<string, Demands>();
  readonly #ofPlace = new Map<string, Demands>();

  private constructor(
    schema: GraphQLSchema,
    readonly directives: AccessDirectives,
  ) {
    this.#facts = factsOf(schema);
    this.#contexts = contextsOf(schema, directives);
  }

  /** Undefined where nothing is protected. @param schema of the same supergraph, with all directives in its nodes */
  static of(supergraphSdl: string, schema: GraphQLSchema): AccessRules | undefined {
    const directives = findAccessDirectives(supergraphSdl);
    return directives && new AccessRules(schema, directives);
  }

  get types(): SupergraphFacts {
    return this.#facts;
  }

  /** Of a field where the object is of one of these types. @param parent as the operation names it */
  at(parent: string, possible: readonly string[], field: string): Demands {
    if (possible.length === 1) return this.ofField(possible[0]!, field);
    if (possible.length === 0) return this.ofField(parent, field);
    const key = `${field} ${possible.join(' ')}`;
    let demands = this.#ofPlace.get(key);
    if (demands === undefined) this.#ofPlace.set(key, (demands = union(possible.map((type) => this.ofField(type, field)))));
    return demands;
  }

  /** Of a field of one type. */
  ofField(type: string, field: string): Demands {
    const coordinate = `${type}.${field}`;
    let demands = this.#ofField.get(coordinate);
    if (demands === undefined) this.#ofField.set(coordinate, (demands = this.#reach(type, field)));
    return demands;
  }

  /** Everything asked by the field and by all it is resolved from. */
  #reach(type: string, field: string): Demands {
    const seen = new Set([`${type}.${field}`]);
    const open: Coordinate[] = [{ type, field }];
    const found = new Set<Demand>();
    for (const coordinate of open) {
      for (const demand of this.#direct(coordinate)) found.add(demand);
      for (const needed of this.#needed(coordinate)) {
        if (needed.field === undefined) {
          for (const demand of this.#type(needed.type)) found.add(demand);
          continue;
        }
        const key = `${needed.type}.${needed.field}`;
        if (seen.has(key)) continue;
        seen.add(key);
        open.push({ type: needed.type, field: needed.field });
      }
    }
    return found.size === 0 ? NO_DEMANDS : found;
  }

  #direct({ type, field }: Coordinate): Demands {
    const definition = this.#facts.field(type, field);
    if (definition === undefined) return NO_DEMANDS;
    const own = this.#facts.schema.getType(type);
    const inherited = isObjectType(own) ? own.getInterfaces().flatMap((each) => [...this.#written(each, field)]) : [];
    return union([this.#type(type), this.#own(type, field), inherited, this.#type(getNamedType(definition.type).name)]);
  }

  /** Of an object of the type, whatever is asked of it. */
  #type(name: string): Demands {
    let demands = this.#ofType.get(name);
    if (demands === undefined) {
      // Types refer to each other in cycles; what is asked of one does not depend on its fields.
      const type = this.#facts.schema.getType(name);
      if (isObjectType(type)) demands = union([this.#own(name), ...type.getInterfaces().map((each) => this.#written(each))]);
      else if (isInterfaceType(type))
        demands = union([this.#own(name), ...this.#facts.concreteTypes(name).map((each) => this.#type(each))]);
      else demands = this.#own(name);
      this.#ofType.set(name, demands);
    }
    return demands;
  }

  /** What an interface, or a field of it, asks beyond what its types say together. */
  #written(type: GraphQLInterfaceType, field?: string): Demands {
    const own = this.#own(type.name, field);
    if (own.size === 0) return NO_DEMANDS;
    const said = union(this.#facts.concreteTypes(type.name).flatMap((each) => [this.#own(each), this.#own(each, field)]));
    return [...own].every((demand) => implies(said, demand)) ? NO_DEMANDS : own;
  }

  /** By the directives of one definition alone. */
  #own(type: string, field?: string): Demands {
    const node = field === undefined ? this.#facts.schema.getType(type)?.astNode : this.#facts.field(type, field)?.astNode;
    return union([readDemands(node?.directives, this.directives, this.#pool)]);
  }

  /** What a field is resolved from; a type alone where one is only looked at. */
  #needed({ type, field }: Coordinate): readonly Needed[] {
    const places = directivesOf(this.#facts.field(type, field)?.astNode, 'join__field');
    return places.flatMap((place) => {
      const required = fieldSetArgument(place, 'requires');
      const passed = contextSelections(place).flatMap(({ context, selection }) =>
        (this.#contexts.get(context) ?? []).flatMap((holder) => [{ type: holder }, ...this.#selected(holder, selection)]),
      );
      return required === undefined ? passed : [...passed, ...this.#selected(type, required)];
    });
  }

  #selected(parent: string, { selections }: SelectionSetNode): readonly Needed[] {
    return selections.flatMap((selection): readonly Needed[] => {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition?.name.value ?? parent;
        return [{ type }, ...this.#selected(type, selection.selectionSet)];
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD || selection.name.value === '__typename') return [];
      const field = selection.name.value;
      const own = [parent, ...this.#facts.concreteTypes(parent)].map((type) => ({ type, field }));
      const type = this.#facts.fieldType(parent, field);
      return selection.selectionSet && type !== undefined ? [...own, ...this.#selected(type, selection.selectionSet)] : own;
    });
  }
}

interface Coordinate {
  readonly type: string;
  readonly field: string;
}

interface Needed {
  readonly type: string;
  readonly field?: string;
}

/** Names of contexts, with the types that give them. */
function contextsOf(schema: GraphQLSchema, { context }: AccessDirectives): ReadonlyMap<string, readonly string[]> {
  const contexts = new Map<string, string[]>();
  if (context === undefined) return contexts;
  const types = Object.values(schema.getTypeMap()) as (GraphQLObjectType | undefined)[]; // any type has a node
  for (const type of types) {
    for (const directive of directivesOf(type?.astNode, context)) {
      const name = textArgument(directive, 'name') ?? '';
      contexts.set(name, [...(contexts.get(name) ?? []), type!.name]);
    }
  }
  return contexts;
}
