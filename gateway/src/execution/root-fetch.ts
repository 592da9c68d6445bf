import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { FetchNode } from '../planning/plan.js';
import { locateObjects } from './collect-objects.js';
import type { PlanContext, Step } from './plan-context.js';
import { prepareFetchCall, raise, raiseFailure } from './fetch-call.js';
import { copyJson, type JsonObject } from './json-object.js';
import { mergeInto } from './merge.js';
import type { OperationRun } from './operation-run.js';
import { applyRewrites, renamePath } from './rewrites.js';

type ErrorPath = readonly (string | number)[];

/** A fetch of root fields: its data becomes the answer, or is merged into it. */
export function compileRootFetch(node: FetchNode, context: PlanContext): Step {
  const { subgraph, outputRewrites, mergeAt = [] } = node;
  const { types } = context;
  const call = prepareFetchCall(node, context);
  const changed = context.pathsBelow(mergeAt);
  const rootKeys = rootKeysOf(node.operation).map((key) => renamePath([key], outputRewrites));

  return (run, done) => {
    // Looked for only where it is needed: at the top there is one place.
    const places = mergeAt.length === 0 ? undefined : locateObjects(run.data, mergeAt, types);
    if (places?.length === 0) {
      done();
      return;
    }
    const pathsOf = (path: ErrorPath): readonly ErrorPath[] => places?.map((place) => [...place.path, ...path]) ?? [path];
    call.send({
      run,
      done,
      // A client must be able to tell which fields are missing: one error for each of them.
      onFailed: (error) => run.errors.push(...rootKeys.flatMap(pathsOf).map((path) => raiseFailure(subgraph, error, path))),
      onAnswered: ({ data, errors }) => {
        for (const error of errors ?? []) {
          const paths: readonly (ErrorPath | undefined)[] = error.path
            ? pathsOf(renamePath(error.path, outputRewrites))
            : pathsWithoutOne(rootKeys, data).flatMap((path): readonly (ErrorPath | undefined)[] => (path ? pathsOf(path) : [path]));
          for (const path of paths) run.errors.push(raise(subgraph, error, path));
        }
        if (data === null || data === undefined) {
          // One error may have cost fields beside its own.
          if (errors !== undefined) run.explained.push(...rootKeys.flatMap(pathsOf));
          return;
        }
        if (outputRewrites.length > 0) applyRewrites(outputRewrites, data, types);
        mergeData(
          run,
          data,
          places?.map(({ object }) => object),
        );
        for (const number of changed()) run.collected[number] = undefined;
      },
    });
  };
}

function mergeData(run: OperationRun, data: JsonObject, objects: readonly JsonObject[] | undefined): void {
  if (objects === undefined) mergeInto(run.data, data);
  // Each place gets values of its own, see `mergeComposite`.
  else for (const object of new Set(objects)) mergeInto(object, copyJson(data) as JsonObject); // a copy of an object is one
}

/** An error without a path that cost the whole answer is one of every field asked for; otherwise nobody knows whose it is. */
function pathsWithoutOne(rootKeys: readonly ErrorPath[], data: unknown): readonly (ErrorPath | undefined)[] {
  return data === null || data === undefined ? rootKeys : [undefined];
}

/** Response keys at the root of a planned operation, which holds fields and inline fragments. */
function rootKeysOf(operation: string): string[] {
  const keys = new Set<string>();
  const visit = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) keys.add((selection.alias ?? selection.name).value);
      else if (selection.kind === Kind.INLINE_FRAGMENT) visit(selection.selectionSet);
    }
  };
  for (const definition of parse(operation, { noLocation: true }).definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) visit(definition.selectionSet);
  }
  return [...keys];
}
