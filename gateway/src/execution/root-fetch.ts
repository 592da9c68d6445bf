import { Kind, parse, type SelectionSetNode } from 'graphql';
import type { FetchNode } from '../planning/plan.js';
import type { PlanContext, Step } from './compile-plan.js';
import { prepareFetchCall, raise, raiseFailure } from './fetch-call.js';
import { mergeInto } from './merge.js';
import { applyRewrites, renamePath } from './rewrites.js';

/** A fetch of root fields: its data becomes the answer, or is merged into it. */
export function compileRootFetch(node: FetchNode, context: PlanContext): Step {
  const { subgraph, outputRewrites } = node;
  const call = prepareFetchCall(node, context);
  const belowRoot = context.pathsBelow([]);
  const rootPaths = rootKeysOf(node.operation).map((key) => renamePath([key], outputRewrites));
  return (run, done) => {
    call.send({
      run,
      done,
      // A client must be able to tell which fields are missing: one error for each of them.
      onFailed: (error) => run.errors.push(...rootPaths.map((path) => raiseFailure(subgraph, error, path))),
      onAnswered: ({ data, errors }) => {
        for (const error of errors ?? []) {
          const paths = error.path === undefined ? pathsWithoutOne(rootPaths, data) : [renamePath(error.path, outputRewrites)];
          run.errors.push(...paths.map((path) => raise(subgraph, error, path)));
        }
        if (data === null || data === undefined) return;
        if (outputRewrites.length > 0) applyRewrites(outputRewrites, data, context.types);
        mergeInto(run.data, data);
        for (const number of belowRoot()) run.collected[number] = undefined;
      },
    });
  };
}

/** An error without a path that cost the whole answer is one of every field asked for; otherwise nobody knows whose it is. */
function pathsWithoutOne<P>(rootPaths: readonly P[], data: unknown): readonly (P | undefined)[] {
  return data === null || data === undefined ? rootPaths : [undefined];
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
