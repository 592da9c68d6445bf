import { isInterfaceType, isObjectType, print, type FieldNode, type GraphQLSchema } from 'graphql';
import { directivesOf, textArgument } from '../join-directives.js';

/** Both begin as no client's key does: `data-keys.ts` replaces those. */
const PREFIX = '_ki_';
const BESIDE_OTHERS = '_kb_';

/**
 * Keys of fields that are asked for to tell entities apart or because they are required. One that is of one type wherever it is keeps its
 * name, which no client uses for anything else (`data-keys.ts`). Others could stand beside a field of another type where objects of several
 * types are asked for at once, which no subgraph accepts: each type has keys of its own for them, which no client has.
 */
export class InternalKeys {
  readonly #types = new Map<string, Set<string>>();
  /** Of arguments. */
  readonly #numbers = new Map<string, number>();

  constructor(schema: GraphQLSchema) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      for (const [name, field] of Object.entries(type.getFields())) {
        const known = this.#types.get(name) ?? new Set();
        this.#types.set(name, known);
        const own = directivesOf(field.astNode, 'join__field').map((place) => textArgument(place, 'type'));
        for (const text of [String(field.type), ...own]) if (text !== undefined) known.add(text);
      }
    }
  }

  /** Of a field in a field set, for objects of a type. */
  keyOf(type: string, { name, arguments: given = [] }: FieldNode): string {
    const own = `${PREFIX}${type}_${name.value}`;
    if (given.length > 0) return `${own}_${this.#numberOf(given.map((argument) => print(argument)).join())}`;
    return (this.#types.get(name.value)?.size ?? 0) > 1 ? own : name.value;
  }

  /**
   * The key under which a fetch asks for a field of objects that may stand beside others of another type: its own, unless those may have
   * another type of field there. Subgraphs need not agree on types with the supergraph, by which the client's keys do not collide.
   */
  besideOthers(type: string, { key, name }: { readonly key: string; readonly name: string }): string {
    return (this.#types.get(name)?.size ?? 0) > 1 && !key.startsWith(PREFIX) ? `${BESIDE_OTHERS}${type}_${key}` : key;
  }

  #numberOf(text: string): number {
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    return number;
  }
}
