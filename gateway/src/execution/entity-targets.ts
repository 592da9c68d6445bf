import type { CollectedPath } from './plan-context.js';
import { SHARED, type JsonObject } from './json-object.js';
import type { OperationRun } from './operation-run.js';
import type { RepresentationWriter, RepresentationWriters } from './representations.js';

/** The objects at one path, each with the position of its representation. */
export interface Targets {
  readonly objects: JsonObject[];
  readonly positions: number[];
}

/** What one batch of an entity fetch asks about. */
export interface BatchTargets {
  /** In the order of the batch's paths. */
  readonly byPath: readonly Targets[];
  /** JSON texts, each once; what `positions` count. */
  readonly representations: readonly string[];
}

/** The first object seen with some representation. */
interface Seen {
  readonly object: JsonObject;
  readonly position: number;
  /** Holds nothing but its representation, so an equal one can be replaced by it. */
  readonly isKeyOnly: boolean;
}

export interface TargetOptions {
  readonly run: OperationRun;
  readonly paths: readonly CollectedPath[];
  readonly writers: RepresentationWriters;
  /** The text that is sent for a representation, where the plan rewrites it. */
  readonly rewrite: ((text: string) => string) | undefined;
}

/**
 * Finds the objects a batch is about and their representations, each asked about once however often it stands in the answer.
 *
 * Where the same path reaches several objects that hold nothing yet but the same key, all places come to share the first of them: it
 * is fetched, merged and written as text once. Objects at different paths are never shared: their later fetches differ.
 */
export function findTargets({ run, paths, writers, rewrite }: TargetOptions): BatchTargets {
  const positions = new Map<string, number>();
  const positionOf = (text: string): number => {
    const sent = rewrite === undefined ? text : rewrite(text);
    let position = positions.get(sent);
    if (position === undefined) positions.set(sent, (position = positions.size));
    return position;
  };
  const byPath = paths.map((path) => {
    const known = run.collected[path.number];
    return known === undefined ? collectTargets(run, path, writers, positionOf) : matchTargets(known, writers, positionOf);
  });
  return { byPath, representations: [...positions.keys()] };
}

/** Objects that another fetch collected already. */
function matchTargets(known: readonly JsonObject[], writers: RepresentationWriters, positionOf: (text: string) => number): Targets {
  const targets: Targets = { objects: [], positions: [] };
  for (const object of known) {
    const text = writers(object['__typename'])?.write(object);
    if (text === undefined) continue;
    targets.objects.push(object);
    targets.positions.push(positionOf(text));
  }
  return targets;
}

function collectTargets(
  run: OperationRun,
  path: CollectedPath,
  writers: RepresentationWriters,
  positionOf: (text: string) => number,
): Targets {
  const targets: Targets = { objects: [], positions: [] };
  const collected: JsonObject[] = [];
  const mayShare = path.mayShare();
  const seenByWriter = new Map<RepresentationWriter, Map<unknown, Seen>>();
  // Most lists hold one type: what was looked up for the last object mostly holds for the next.
  let lastTypename: unknown;
  let writer: RepresentationWriter | undefined;
  let seen: Map<unknown, Seen> | undefined;

  path.collect(run.data, (object, holder, key) => {
    const typename = object['__typename'];
    if (typename !== lastTypename || seen === undefined) {
      lastTypename = typename;
      writer = writers(typename);
      seen = writer === undefined ? undefined : getOrCreate(seenByWriter, writer, () => new Map<unknown, Seen>());
    }
    let text: string | undefined;
    const identity =
      writer === undefined ? undefined : writer.onlyKey === undefined ? (text = writer.write(object)) : writer.onlyKey(object);
    if (writer === undefined || seen === undefined || identity === undefined) {
      collected.push(object);
      // A key that is null or an object is no identity, but may be a representation.
      text = writer?.onlyKey === undefined ? undefined : writer.write(object);
      if (text !== undefined) addTarget(targets, object, positionOf(text));
      return;
    }
    let first = seen.get(identity);
    if (first === undefined) {
      text ??= writer.write(object);
      if (text === undefined) {
        collected.push(object);
        return;
      }
      const isKeyOnly = mayShare && writer.leafCount !== undefined && hasKeys(object, writer.leafCount);
      seen.set(identity, (first = { object, position: positionOf(text), isKeyOnly }));
    } else if (first.object === object) {
      return;
    } else if (first.isKeyOnly && holder !== null && hasKeys(object, writer.leafCount!)) {
      (holder as Record<string | number, unknown>)[key] = first.object; // a list by index, an object by key
      first.object[SHARED] ??= { walk: 0, by: 0, text: '' };
      return;
    }
    collected.push(object);
    addTarget(targets, object, first.position);
  });
  run.collected[path.number] = collected;
  return targets;
}

function addTarget(targets: Targets, object: JsonObject, position: number): void {
  targets.objects.push(object);
  targets.positions.push(position);
}

/** Whether an object has exactly so many keys. */
function hasKeys(object: JsonObject, count: number): boolean {
  let keys = 0;
  for (const _ in object) {
    keys += 1;
    if (keys > count) return false;
  }
  return keys === count;
}

function getOrCreate<K, V>(map: Map<K, V>, key: K, create: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = create()));
  return value;
}
