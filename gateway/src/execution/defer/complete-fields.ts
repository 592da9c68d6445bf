import {
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import type { RaisedError } from '../../request/mask-errors.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import type { DeferSet } from './defer-sets.js';
import type { DeferUsage } from './defer-usages.js';
import type { DeferredField, FieldCollector, ObjectFields } from './deferred-fields.js';

/** A place of the answer: as the client knows it, and where its value is in the data. */
export interface AnswerPlace {
  readonly path: readonly (string | number)[];
  readonly dataPath: readonly (string | number)[];
}

/** A deferred fragment at one object of the answer. */
export interface DeferredFragment {
  readonly usage: DeferUsage;
  readonly path: AnswerPlace['path'];
  /** The deferred fragment around it. */
  readonly parent: DeferredFragment | undefined;
}

/** Fields of one object that one or several deferred fragments bring. */
export interface LaterFields {
  readonly place: AnswerPlace;
  readonly type: GraphQLObjectType;
  readonly fields: readonly DeferredField[];
  readonly fragments: readonly DeferredFragment[];
  /** The fragments that are open at this object. */
  readonly open: OpenFragments;
}

type OpenFragments = ReadonlyMap<DeferUsage, DeferredFragment>;

/** A part of an answer. */
export interface CompletedPart {
  /** Undefined where a null that may not be came up to the part itself. */
  readonly data: JsonObject | undefined;
  /** What broke a promise of the schema. */
  readonly violations: readonly RaisedError[];
  readonly later: readonly LaterFields[];
}

export interface CompletionDeps {
  readonly schema: GraphQLSchema;
  readonly fields: FieldCollector;
  readonly dataKeyOf: (field: FieldNode) => string;
  /** Values of the root's `__schema` and `__type`, by response key. */
  readonly introspection: Readonly<Record<string, unknown>>;
}

/** The first part of an answer. */
export function completeFirstPart(deps: CompletionDeps, root: GraphQLObjectType, data: JsonObject): CompletedPart {
  const completion = new Completion(deps);
  return completion.run(() =>
    completion.object(root, data, deps.fields.root(root), { place: { path: [], dataPath: [] }, open: new Map() }),
  );
}

/** What a deferred part brings, read from the data as it is now. */
export function completeLaterFields(deps: CompletionDeps, { type, fields, place, open }: LaterFields, data: JsonObject): CompletedPart {
  const completion = new Completion(deps);
  const object = place.dataPath.reduce<unknown>((value, key) => (value as Record<string | number, unknown> | undefined)?.[key], data); // lists by index
  return completion.run(() => completion.fields(type, isJsonObject(object) ? object : {}, fields, { place, open }));
}

/** Thrown where a value cannot be; the nearest place that may be null catches it. */
const NULLED = new Error('A null that may not be.');

interface At {
  readonly place: AnswerPlace;
  readonly open: OpenFragments;
}

class Completion {
  readonly #deps: CompletionDeps;
  readonly #violations: RaisedError[] = [];
  readonly #later: LaterFields[] = [];

  constructor(deps: CompletionDeps) {
    this.#deps = deps;
  }

  run(complete: () => JsonObject): CompletedPart {
    try {
      return { data: complete(), violations: this.#violations, later: this.#later };
    } catch (error) {
      if (error !== NULLED) throw error;
      return { data: undefined, violations: this.#violations, later: [] };
    }
  }

  object(type: GraphQLObjectType, object: JsonObject, { own, later, usages }: ObjectFields, at: At): JsonObject {
    let { open } = at;
    if (usages.length > 0) {
      const opened = new Map(open);
      for (const usage of usages) {
        const parent = usage.parent === undefined ? undefined : opened.get(usage.parent);
        opened.set(usage, { usage, path: at.place.path, parent });
      }
      open = opened;
    }
    const data = this.fields(type, object, own, { place: at.place, open });
    for (const { set, entries } of later)
      this.#later.push({ place: at.place, type, fields: entries, fragments: fragmentsOf(set, open), open });
    return data;
  }

  fields(type: GraphQLObjectType, object: JsonObject, fields: readonly DeferredField[], { place, open }: At): JsonObject {
    const data: JsonObject = {};
    for (const field of fields) {
      const { key, name, places } = field;
      if (name === '__typename') data[key] = type.name;
      else if (name === '__schema' || name === '__type') data[key] = this.#deps.introspection[key];
      else {
        const definition = type.getFields()[name];
        if (definition === undefined) throw new Error(`${type.name} has no field ${name}.`); // validation refuses such operations
        const dataKey = this.#deps.dataKeyOf(places[0]!.node);
        const below = { place: { path: [...place.path, key], dataPath: [...place.dataPath, dataKey] }, open };
        setOwn(data, key, this.#value(definition.type, object[dataKey], { field, coordinate: `${type.name}.${name}` }, below));
      }
    }
    return data;
  }

  #value(type: GraphQLOutputType, value: unknown, of: FieldOf, at: At): unknown {
    if (isNonNullType(type)) {
      const completed = this.#present(type.ofType, value, of, at);
      return completed ?? this.#fail(`Cannot return null for non-nullable field ${of.coordinate}.`, at);
    }
    const known = this.#later.length;
    try {
      return this.#present(type, value, of, at);
    } catch (error) {
      if (error !== NULLED) throw error;
      // There is no object any more that they could be sent for.
      this.#later.length = known;
      return null;
    }
  }

  #present(type: Exclude<GraphQLOutputType, { readonly __nonNull: never }>, value: unknown, of: FieldOf, at: At): unknown {
    if (value === undefined || value === null) return null;
    if (isListType(type)) {
      if (!Array.isArray(value)) return this.#fail(OTHER_TYPE, at);
      const { path, dataPath } = at.place;
      return value.map((item: unknown, index) => {
        return this.#value(type.ofType, item, of, { open: at.open, place: { path: [...path, index], dataPath: [...dataPath, index] } });
      });
    }
    if (isLeafType(type)) return this.#leaf(type, value, at);
    if (!isJsonObject(value)) return this.#fail(OTHER_TYPE, at);
    const runtime = this.#runtimeType(type as GraphQLCompositeType, value, at); // the other kinds are done
    return this.object(runtime, value, this.#deps.fields.below(of.field, runtime), at);
  }

  #leaf(type: GraphQLLeafType, value: unknown, at: At): unknown {
    try {
      return type.serialize(value) ?? null;
    } catch (error) {
      return this.#fail(error instanceof Error ? error.message : String(error), at);
    }
  }

  #runtimeType(type: GraphQLCompositeType, { __typename: typename }: JsonObject, at: At): GraphQLObjectType {
    if (isObjectType(type)) return typename === undefined || typename === type.name ? type : this.#fail(OTHER_TYPE, at);
    const { schema } = this.#deps;
    const known = typeof typename === 'string' ? schema.getType(typename) : undefined;
    if (isObjectType(known) && schema.isSubType(type, known)) return known;
    // Asked for by the interface's own fields only, an object may come without its type's name or with the interface's.
    const [any] = isInterfaceType(type) && (typename === undefined || isInterfaceType(known)) ? schema.getPossibleTypes(type) : [];
    return any ?? this.#fail('The subgraph answered an object of a type that is not in the schema.', at);
  }

  #fail(message: string, { place: { path } }: At): never {
    this.#violations.push({ message, path, extensions: { code: 'SUBGRAPH_ANSWER_INVALID' } });
    throw NULLED;
  }
}

interface FieldOf {
  readonly field: DeferredField;
  readonly coordinate: string;
}

const OTHER_TYPE = 'The subgraph answered a value of another type.';

function fragmentsOf(set: DeferSet, open: OpenFragments): readonly DeferredFragment[] {
  return [...set].flatMap((usage) => open.get(usage) ?? []);
}

/** A client may name a field `__proto__`, which assignment would take for something else. */
function setOwn(object: JsonObject, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}
