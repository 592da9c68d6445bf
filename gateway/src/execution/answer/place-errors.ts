import { getNamedType, isAbstractType, isObjectType, type GraphQLCompositeType, type GraphQLObjectType } from 'graphql';
import type { RaisedError } from '../../request/mask-errors.js';
import { isJsonObject, type JsonObject } from '../json-object.js';
import { collectSelectedFields, type CollectScope, type Condition, type SelectedField, type SelectionPart } from './selected-fields.js';

type Path = readonly (string | number)[];

export interface PlacementSource {
  readonly scope: CollectScope;
  readonly root: GraphQLObjectType;
  readonly parts: readonly SelectionPart[];
  readonly variables: Readonly<Record<string, unknown>>;
  readonly data: JsonObject;
  /** Keys of the data that subgraphs were told: an error in one of those may have cost other fields. */
  readonly required: ReadonlySet<string>;
}

/**
 * Subgraphs are asked for more than the client asks: fields that `@requires` needs, and fields of types or under conditions that only the
 * answer as a whole decides. An error in a field that other subgraphs were to be told of is one of the object it belongs to where something
 * the client did ask of that object is null; any other cost nothing, and is none. The same error at the same place is one.
 */
export function placeErrors(
  errors: readonly RaisedError[],
  source: PlacementSource,
): { readonly placed: readonly RaisedError[]; readonly dropped: readonly RaisedError[] } {
  const placed = new Map<string, RaisedError>();
  const dropped: RaisedError[] = [];
  for (const error of errors) {
    const unselected = error.path === undefined ? undefined : findUnselected(error.path, source);
    if (error.path !== undefined && unselected !== undefined && !unselected.lacksSomething) {
      dropped.push(error);
      continue;
    }
    const path = error.path?.slice(0, unselected?.depth);
    // Two fetches may ask for the same field, and both are told.
    const key = JSON.stringify([path, error.message]);
    if (!placed.has(key)) placed.set(key, path === undefined ? error : { ...error, path });
  }
  return { placed: [...placed.values()], dropped };
}

/** The object of a path whose next key is not selected; undefined when all of the path is. Keys are those of the data. */
function findUnselected(path: Path, source: PlacementSource): { readonly depth: number; readonly lacksSomething: boolean } | undefined {
  let type: GraphQLCompositeType | undefined = source.root;
  let parts = source.parts;
  let value: unknown = source.data;
  for (const [depth, segment] of path.entries()) {
    if (typeof segment === 'number') {
      value = Array.isArray(value) ? value[segment] : undefined;
      continue;
    }
    // Below a null, or below a leaf, nothing can be told.
    if (type === undefined || !isJsonObject(value)) return undefined;
    const found = findField(segment, { value, type, parts }, source);
    if (found === undefined)
      return { depth, lacksSomething: source.required.has(segment) && lacksSomething({ value, type, parts }, source) };
    const definition = 'getFields' in found.type ? found.type.getFields()[found.field.name] : undefined;
    const named = definition === undefined ? undefined : getNamedType(definition.type);
    type = named !== undefined && ('getFields' in named || 'getTypes' in named) ? (named as GraphQLCompositeType) : undefined; // outputs only
    parts = found.field.parts;
    value = value[segment];
  }
  return undefined;
}

/** An object of the data and what is selected of it. */
interface SelectedObject {
  readonly value: JsonObject;
  readonly type: GraphQLCompositeType;
  readonly parts: readonly SelectionPart[];
}

/** Where nothing tells the type of an object, because that failed too, it may be any that selects the field. */
function findField(
  dataKey: string,
  { value, type, parts }: SelectedObject,
  source: PlacementSource,
): { readonly type: GraphQLCompositeType; readonly field: SelectedField } | undefined {
  const runtime = runtimeTypeOf(value, type, source.scope);
  const types = isAbstractType(runtime) ? [runtime, ...source.scope.schema.getPossibleTypes(runtime)] : [runtime];
  for (const each of types) {
    const field = selectedFields(parts, each, source).find((one) => one.dataKey === dataKey);
    if (field) return { type: each, field };
  }
  return undefined;
}

function lacksSomething({ value, type, parts }: SelectedObject, source: PlacementSource): boolean {
  return selectedFields(parts, runtimeTypeOf(value, type, source.scope), source).some(({ dataKey }) => isNull(value[dataKey]));
}

function selectedFields(parts: readonly SelectionPart[], type: GraphQLCompositeType, source: PlacementSource): SelectedField[] {
  const holds = (condition: Condition): boolean =>
    condition.every(({ variable, equals }) => (source.variables[variable] === true) === equals);
  const turns = collectSelectedFields(
    parts.filter(({ condition }) => holds(condition)),
    type,
    source.scope,
  );
  const isAnswered = ({ answered }: SelectedField): boolean => answered === undefined || answered.some(holds);
  return turns.filter(({ field, condition }) => holds(condition) && isAnswered(field)).map(({ field }) => field);
}

function runtimeTypeOf(object: JsonObject, declared: GraphQLCompositeType, { schema }: CollectScope): GraphQLCompositeType {
  const typename = object['__typename'];
  const runtime = typeof typename === 'string' ? schema.getType(typename) : undefined;
  return isObjectType(runtime) ? runtime : declared;
}

function isNull(value: unknown): boolean {
  return value === null || value === undefined;
}
