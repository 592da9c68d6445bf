import { getOperationAST, parse, print, validate, type GraphQLSchema } from 'graphql';
import type { Operation } from '../operation.ts';
import { editDocument } from './edits.ts';
import { pruneDocument } from './prune.ts';

/** Executions one shrinking may cost. */
const MAX_TRIALS = 500;
/** Simplifications looked at, most of which are no valid operation. */
const MAX_EDITS = 5_000;

/**
 * The smallest operation greedy simplification finds for which `isStillWrong` holds; the operation itself when there is none. What is
 * found until `signal` aborts counts: also when an execution is under way then, which is not waited for.
 */
export async function shrinkOperation(options: {
  readonly schema: GraphQLSchema;
  readonly operation: Operation;
  readonly isStillWrong: (operation: Operation) => Promise<boolean>;
  readonly signal: AbortSignal;
}): Promise<Operation> {
  const { schema, operation, isStillWrong, signal } = options;
  let smallest = operation;
  let trials = 0;
  let edits = 0;
  const isSpent = (): boolean => trials >= MAX_TRIALS || edits >= MAX_EDITS || signal.aborted;
  const aborted = new Promise<false>((resolve) => {
    if (signal.aborted) resolve(false);
    signal.addEventListener('abort', () => resolve(false), { once: true });
  });
  const accept = async (candidate: Operation): Promise<boolean> => {
    edits++;
    if (candidate.query === smallest.query || validate(schema, parse(candidate.query)).length > 0) return false;
    trials++;
    if (!(await Promise.race([isStillWrong(candidate), aborted]))) return false;
    smallest = candidate;
    return true;
  };

  await accept(rewritten(smallest, smallest.query));
  let number = 0;
  let isProgress = false;
  while (true) {
    const edited = isSpent() ? undefined : editDocument(parse(smallest.query), number);
    if (edited) {
      // What was accepted is gone, and the next simplification has its number.
      if (await accept(rewritten(smallest, print(edited)))) isProgress = true;
      else number++;
    } else {
      if (!isProgress || isSpent()) return smallest;
      number = 0;
      isProgress = false;
    }
  }
}

function rewritten({ operationName, variables }: Operation, query: string): Operation {
  const document = pruneDocument(parse(query), operationName);
  const declared = getOperationAST(document)?.variableDefinitions?.map(({ variable }) => variable.name.value) ?? [];
  const kept = Object.entries(variables ?? {}).filter(([name]) => declared.includes(name));
  return {
    query: print(document),
    ...(operationName === undefined ? {} : { operationName }),
    ...(kept.length > 0 ? { variables: Object.fromEntries(kept) } : {}),
  };
}
