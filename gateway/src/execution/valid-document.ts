import {
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';
import type { IntrospectionSetting } from '../authorization/introspection-setting.js';
import type { DocumentLimits } from '../request/limits/document-limits.js';
import { LimitExceededError } from '../request/limits/limit-exceeded.js';
import { measureDocument } from '../request/limits/measure-document.js';
import { assertNestingWithin } from '../request/limits/source-nesting.js';
import { deferRules } from './defer/validation-rules.js';
import { OperationRefused } from './operation-refused.js';

/** More than these are not read by anyone, and looking for them takes time. */
const MAX_VALIDATION_ERRORS = 20;
/** The words of graphql-js, which has no codes: `advanceLexer` in its parser, and `validationAbortedError`. */
const TOO_MANY_TOKENS = 'Syntax Error: Document contains more that';
const ABORTED = 'Validation aborted.';
/** The budget of its rule `OverlappingFieldsCanBeMerged`, which is quadratic. */
const MERGE_BUDGET = 500_000;

export interface ValidDocumentOptions {
  readonly schema: GraphQLSchema;
  readonly introspection: IntrospectionSetting;
  readonly limits: DocumentLimits;
}

/**
 * Parses and validates a text; what is too large is refused before the work it would take.
 * @throws OperationRefused for what is no GraphQL or does not fit the schema, LimitExceededError
 */
export function validDocument(query: string, { schema, introspection, limits }: ValidDocumentOptions): DocumentNode {
  assertNestingWithin(query);
  const document = parseWithin(query, limits.maxTokens);
  measureDocument(document, limits);
  const rules = [
    ...specifiedRules,
    ...(query.includes('@defer') ? deferRules : []),
    ...(introspection === 'off' ? [NoSchemaIntrospectionCustomRule] : []),
  ];
  const errors = validate(schema, document, rules, { maxErrors: MAX_VALIDATION_ERRORS });
  if (errors.length === 0) return document;
  if (errors.some(({ message }) => message === ABORTED)) {
    throw new LimitExceededError('The operation selects the same fields so often that comparing them takes too many steps', {
      limit: 'merging',
      max: MERGE_BUDGET,
    });
  }
  throw new OperationRefused('GRAPHQL_VALIDATION_FAILED', introspection === 'public' ? errors : errors.map(withoutSuggestions));
}

function parseWithin(query: string, maxTokens: number): DocumentNode {
  try {
    return parse(query, maxTokens === Infinity ? {} : { maxLexicalTokens: maxTokens });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.startsWith(TOO_MANY_TOKENS)) {
      const counted = maxTokens + 1;
      throw new LimitExceededError(`The document has ${counted} or more tokens`, { limit: 'tokens', max: maxTokens, counted });
    }
    throw new OperationRefused('GRAPHQL_PARSE_FAILED', [error]);
  }
}

/** Names that are suggested tell what the schema holds. An operation is validated once for all who ask it. */
export function withoutSuggestions({ message, nodes, source, positions }: GraphQLError): GraphQLError {
  return new GraphQLError(message.replace(/ ?Did you mean(.+?)\?$/, ''), { nodes, source, positions });
}
