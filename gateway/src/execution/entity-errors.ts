import { EVERY_ITEM, type EntityBatch, type PlanPath } from '../planning/plan.js';
import type { RaisedError } from '../request/mask-errors.js';
import { locateObjects } from './collect-objects.js';
import type { BatchTargets } from './entity-targets.js';
import { raise } from './fetch-call.js';
import type { JsonObject } from './json-object.js';
import { renamePath } from './rewrites.js';
import type { SubgraphError } from './subgraph-answer.js';
import type { TypeConditions } from './type-conditions.js';

export type ErrorPath = readonly (string | number)[];

interface EntityErrorOptions {
  readonly data: JsonObject;
  readonly subgraph: string;
  readonly errors: readonly SubgraphError[];
  /** What the subgraph answered with them. */
  readonly answered: JsonObject | null | undefined;
  readonly asked: readonly { readonly batch: EntityBatch; readonly targets: BatchTargets }[];
  readonly types: TypeConditions;
  /** Where an error goes that names no entity. */
  readonly failurePaths: readonly ErrorPath[];
}

interface EntityErrors {
  readonly raised: readonly RaisedError[];
  /** Places of entities that are null because of an error inside. */
  readonly explained: readonly ErrorPath[];
}

/** An error inside an entity is one at every place of the answer that used it. */
export function entityErrors(options: EntityErrorOptions): EntityErrors {
  const { data, subgraph, errors, answered, asked, types, failurePaths } = options;
  /** The answer is walked once for all errors of a batch. */
  const placesOf = asked.map(() => new Map<JsonObject, ErrorPath[]>());
  const raised: RaisedError[] = [];
  const explained: ErrorPath[] = [];
  for (const error of errors) {
    const [alias, position, ...rest] = error.path ?? [];
    const index = asked.findIndex(({ batch }) => batch.alias === alias);
    const place = asked[index];
    let paths: readonly ErrorPath[] = failurePaths;
    if (place !== undefined && typeof position === 'number') {
      const places = placesOf[index]!;
      if (places.size === 0) locateAll(data, place.batch.paths, types, places);
      const inside = renamePath(rest, place.batch.outputRewrites);
      const found = objectsAt(place.targets, position).flatMap((object) => places.get(object) ?? []);
      if (isNullAt(answered, place.batch.alias, position)) explained.push(...found);
      if (found.length > 0) paths = distinctPaths(found.map((path) => [...path, ...inside]));
    }
    for (const path of paths) raised.push(raise(subgraph, error, path));
  }
  return { raised, explained };
}

function isNullAt(answered: JsonObject | null | undefined, alias: string, position: number): boolean {
  const entities = answered?.[alias];
  return !Array.isArray(entities) || entities[position] === null;
}

function locateAll(data: JsonObject, paths: readonly PlanPath[], types: TypeConditions, places: Map<JsonObject, ErrorPath[]>): void {
  for (const { object, path } of paths.flatMap((planPath) => locateObjects(data, planPath, types))) {
    const known = places.get(object);
    if (known === undefined) places.set(object, [path]);
    else known.push(path);
  }
}

function objectsAt({ byPath }: BatchTargets, position: number): readonly JsonObject[] {
  return [...new Set(byPath.flatMap(({ objects, positions }) => objects.filter((_object, index) => positions[index] === position)))];
}

/** The field below which entities are missing: one error there says it, where one for each of thousands would not say more. */
export function pathAboveLists(path: PlanPath): ErrorPath {
  const firstList = path.indexOf(EVERY_ITEM);
  return (firstList === -1 ? path : path.slice(0, firstList)).filter((segment) => typeof segment === 'string');
}

export function distinctPaths(paths: readonly ErrorPath[]): readonly ErrorPath[] {
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}
