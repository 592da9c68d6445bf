import { EVERY_ITEM, type PlanPath } from '../planning/plan.js';
import { evaluate, literal, property } from './generated-code.js';
import { isJsonObject, SHARED, type JsonObject } from './json-object.js';
import { fitsAny } from './rewrites.js';
import type { TypeConditions } from './type-conditions.js';

/** Takes an object, and the object or list that holds it under `key`, so that an equal one may be put in its place. */
export type VisitObject = (object: JsonObject, holder: JsonObject | unknown[], key: string | number) => void;

/** Visits every object a plan path reaches, in the order of the answer; one that is known to stand at several places at its first one. */
export type CollectObjects = (data: JsonObject, visit: VisitObject) => void;

let walks = 0;
const nextWalk = (): number => ++walks;

/**
 * The walk along one path, as a function of nested loops. It goes through a shared object once: what lies below was reached already, and
 * in an answer where everything is related to everything its places are many times the objects.
 */
export function compileCollector(path: PlanPath, types: TypeConditions): CollectObjects {
  let variables = 0;
  const walk = (position: number, value: string, holder: string, key: string): string => {
    const segment = path[position];
    const anyhow = `visitAnyhow(${value},${position},${holder},${key},visit);`;
    if (segment === undefined)
      return `if(isArray(${value})){${anyhow}}else if(typeof ${value}==='object'&&isFirst(${value},walk))visit(${value},${holder},${key});`;
    const id = variables++;
    if (segment === EVERY_ITEM) {
      const item = walk(position + 1, `v${id}`, value, `i${id}`);
      return `if(isArray(${value}))for(let i${id}=0;i${id}<${value}.length;i${id}++){const v${id}=${value}[i${id}];if(v${id}!=null){${item}}}`;
    }
    // Planners may write one `@` for a list of lists, or none.
    const isList = `if(isArray(${value})){${anyhow}}else`;
    if (typeof segment === 'string') {
      const field = walk(position + 1, `v${id}`, value, literal(segment));
      return `${isList} if(isFirst(${value},walk)){const v${id}=${value}${property(segment)};if(v${id}!=null){${field}}}`;
    }
    return `${isList} if(fitsAny(${value}.__typename,${literal(segment.types)},types)){${walk(position + 1, value, holder, key)}}`;
  };
  const source = `function collectObjects(data,visit){const walk=nextWalk();${walk(0, 'data', 'null', 'null')}}`;
  return evaluate<CollectObjects>(source, {
    isArray: Array.isArray,
    isFirst,
    nextWalk,
    visitAnyhow: createVisitor(path, types),
    fitsAny,
    types,
  });
}

/** Whether a walk comes by an object for the first time, as far as that is known. */
function isFirst({ [SHARED]: shared }: JsonObject, walk: number): boolean {
  if (shared === undefined) return true;
  if (shared.walk === walk) return false;
  shared.walk = walk;
  return true;
}

/** The same walk for lists the path does not name, from any position of it on. */
function createVisitor(path: PlanPath, types: TypeConditions) {
  // oxlint-disable-next-line max-params -- called by generated code for every such object
  const visitFrom = (value: unknown, position: number, holder: JsonObject | unknown[], key: string | number, visit: VisitObject): void => {
    const segment = path[position];
    if (Array.isArray(value)) {
      const next = segment === EVERY_ITEM ? position + 1 : position;
      for (let index = 0; index < value.length; index++) visitFrom(value[index], next, value, index, visit);
    } else if (isJsonObject(value)) {
      if (segment === undefined) visit(value, holder, key);
      else if (typeof segment !== 'string') {
        if (fitsAny(value['__typename'], segment.types, types)) visitFrom(value, position + 1, holder, key, visit);
      } else if (segment !== EVERY_ITEM) visitFrom(value[segment], position + 1, value, segment, visit);
    }
  };
  return visitFrom;
}

/** One object of the answer and where it stands. */
export interface Place {
  readonly object: JsonObject;
  readonly path: readonly (string | number)[];
}

/** Every place a plan path reaches, for the paths of errors. An object that stands at several places is answered for each. */
export function locateObjects(data: JsonObject, path: PlanPath, types: TypeConditions): Place[] {
  const places: Place[] = [];
  const walk = (value: unknown, position: number, at: readonly (string | number)[]): void => {
    const segment = path[position];
    if (Array.isArray(value)) {
      const next = segment === EVERY_ITEM ? position + 1 : position;
      for (const [index, item] of value.entries()) walk(item, next, [...at, index]);
    } else if (isJsonObject(value)) {
      if (segment === undefined) places.push({ object: value, path: at });
      else if (typeof segment === 'string') {
        if (segment !== EVERY_ITEM) walk(value[segment], position + 1, [...at, segment]);
      } else if (fitsAny(value['__typename'], segment.types, types)) walk(value, position + 1, at);
    }
  };
  walk(data, 0, []);
  return places;
}
