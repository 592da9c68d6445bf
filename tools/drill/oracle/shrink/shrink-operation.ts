import { getOperationAST, parse, print, validate, type GraphQLSchema } from 'graphql';
import type { Operation } from '../operation.ts';
import { editDocument } from './edits.ts';
import { pruneDocument } from './prune.ts';

/** Executions one shrinking may cost. */
const MAX_TRIALS = 500;

/** The smallest operation greedy simplification finds for which `isStillWrong` holds; the operation itself when there is none. */
export async function shrinkOperation(options: {
  readonly schema: GraphQLSchema;
  readonly operation: Operation;
  readonly isStillWrong: (operation: Operation) => Promise<boolean>;
}): Promise<Operation> {
  const { schema, operation, isStillWrong } = options;
  let smallest = operation;
  let trials = 0;
  const accept = async (candidate: Operation): Promise<boolean> => {
    if (candidate.query === smallest.query || validate(schema, parse(candidate.query)).length > 0) return false;
    trials++;
    if (!(await isStillWrong(candidate))) return false;
    smallest = candidate;
    return true;
  };

  await accept(rewritten(smallest, smallest.query));
  let number = 0;
  let isProgress = false;
  while (true) {
    const edited = trials < MAX_TRIALS ? editDocument(parse(smallest.query), number) : undefined;
    if (edited) {
      // What was accepted is gone, and the next simplification has its number.
      if (await accept(rewritten(smallest, print(edited)))) isProgress = true;
      else number++;
    } else {
      if (!isProgress || trials >= MAX_TRIALS) return smallest;
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
