import type { AnswerReport, EngineAnswer } from '../execution/engine.js';
import type { GraphqlParameters } from '../request/graphql-parameters.js';
import { MalformedRequest, readParameters } from '../request/graphql-parameters.js';
import { LimitExceededError } from '../request/limits/limit-exceeded.js';
import { refuse } from '../request/refuse.js';

export interface BatchSettings {
  readonly maxOperations: number;
}

export interface BatchAnswer {
  /** A JSON array: the answers in the order of the operations. */
  readonly body: string;
  readonly reports: readonly AnswerReport[];
}

/**
 * Answers an array of operations, all at once, each as if it had come alone: one that is refused leaves the others be.
 * @throws MalformedRequest when batches are off (no settings), and for an empty one; LimitExceededError for one that is too large
 */
export async function answerBatch(options: {
  readonly operations: readonly unknown[];
  readonly settings: BatchSettings | undefined;
  readonly requestId: string;
  readonly answerOne: (parameters: GraphqlParameters) => Promise<EngineAnswer>;
}): Promise<BatchAnswer> {
  const { operations, settings, requestId, answerOne } = options;
  if (settings === undefined) throw new MalformedRequest('Batches of operations are not taken here: send each in a request of its own.');
  if (operations.length === 0) throw new MalformedRequest('The batch holds no operation.');
  if (operations.length > settings.maxOperations) {
    throw new LimitExceededError(`The batch holds ${operations.length} operations`, {
      limit: 'batchSize',
      max: settings.maxOperations,
      counted: operations.length,
      code: 'BAD_REQUEST',
    });
  }
  const answers = await Promise.all(
    operations.map(async (operation) => {
      try {
        return await answerOne(readParameters(operation));
      } catch (error) {
        if (!(error instanceof MalformedRequest)) throw error;
        return refuse({ requestId, code: 'BAD_REQUEST', message: error.message });
      }
    }),
  );
  return { body: `[${answers.map(textOf).join(',')}]`, reports: answers.map(({ report }) => report) };
}

function textOf(answer: EngineAnswer): string {
  if (answer.kind === 'executed') return answer.body;
  if (answer.kind === 'refused') return JSON.stringify({ errors: answer.errors });
  throw new Error('An answer in parts was made for an operation of a batch.');
}
