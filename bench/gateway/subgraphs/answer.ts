import { getVariableValues, parse, type DocumentNode, type GraphQLSchema } from 'graphql';
import { compileOperation, conditionVariables, operationOf, type Variables, type WriteData } from './compile.ts';

interface Prepared {
  readonly document: DocumentNode;
  readonly conditions: readonly string[];
  readonly compiled: Map<string, WriteData>;
}

/** Texts and answers kept; cold plans bring ever new ones. */
const MAX_PREPARED = 5_000;
const MAX_ANSWER_BYTES = 64 * 2 ** 20;

/**
 * Answers request bodies of one subgraph. Nothing changes in the shop, so the same body has the same answer: it is kept as bytes, and what a
 * gateway repeats costs the subgraph next to nothing.
 */
export function createAnswering(schema: GraphQLSchema): (body: string) => Buffer {
  const prepared = new Map<string, Prepared>();
  const answers = new Map<string, Buffer>();
  let bytes = 0;
  return (body) => {
    const known = answers.get(body);
    if (known) return known;
    const answer = Buffer.from(answerText(schema, prepared, body));
    const size = answer.length + body.length;
    if (bytes + size > MAX_ANSWER_BYTES) {
      answers.clear();
      bytes = 0;
    }
    bytes += size;
    answers.set(body, answer);
    return answer;
  };
}

function answerText(schema: GraphQLSchema, prepared: Map<string, Prepared>, body: string): string {
  try {
    const { query, variables } = JSON.parse(body) as { readonly query: string; readonly variables?: Variables | null }; // GraphQL over HTTP
    return `{"data":${execute(schema, prepare(prepared, query), variables ?? {})}}`;
  } catch (error) {
    return JSON.stringify({ errors: [{ message: (error as Error).message }] });
  }
}

function execute(schema: GraphQLSchema, { document, conditions, compiled }: Prepared, given: Variables): string {
  const { coerced, errors } = getVariableValues(schema, operationOf(document).variableDefinitions ?? [], given);
  if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
  const key = conditions.map((name) => String(coerced[name])).join();
  let write = compiled.get(key);
  if (!write) compiled.set(key, (write = compileOperation(schema, document, coerced)));
  return write(coerced);
}

function prepare(prepared: Map<string, Prepared>, query: string): Prepared {
  let one = prepared.get(query);
  if (!one) {
    const document = parse(query, { noLocation: true });
    one = { document, conditions: conditionVariables(document), compiled: new Map() };
    if (prepared.size >= MAX_PREPARED) prepared.clear();
    prepared.set(query, one);
  }
  return one;
}
