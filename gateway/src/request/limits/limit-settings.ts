import { byteSize, duration, integer, setting, type ConfigOf } from '@loomgraph/config';
import { defaultDocumentLimits, MAX_DEPTH_SETTING, type DocumentLimits } from './document-limits.js';

const OFF = 0;

const atMost = (env: string, limit: Exclude<keyof DocumentLimits, 'maxDepth' | 'maxSelections'>, doc: string) =>
  setting({ env, schema: integer({ min: OFF }), default: defaultDocumentLimits[limit], doc: `${doc} 0: no limit.` });

/** How large a request may be. */
export const limitSettings = {
  maxJsonDepth: setting({
    env: 'MAX_JSON_DEPTH',
    schema: integer({ min: 8, max: 1_000 }),
    default: 64,
    doc: "How deep the objects and lists of a request's JSON may nest.",
  }),
  maxTokens: atMost('MAX_TOKENS', 'maxTokens', 'Lexical tokens of a document.'),
  maxOperations: atMost('MAX_OPERATIONS', 'maxOperations', 'Operations in a document.'),
  maxFragments: atMost('MAX_FRAGMENTS', 'maxFragments', 'Fragments defined in a document.'),
  maxDepth: setting({
    env: 'MAX_DEPTH',
    schema: integer({ min: 1, max: MAX_DEPTH_SETTING }),
    default: defaultDocumentLimits.maxDepth,
    doc: 'How deep the selections of an operation may nest, those of fragments included.',
  }),
  maxSelections: setting({
    env: 'MAX_SELECTIONS',
    schema: integer({ min: 1, max: 1_000_000 }),
    default: defaultDocumentLimits.maxSelections,
    doc: 'Fields and fragments an operation may expand to, those of a named fragment counted at each place it is used.',
  }),
  maxAliases: atMost('MAX_ALIASES', 'maxAliases', 'Aliases of an operation, counted like selections.'),
  maxRootFields: atMost('MAX_ROOT_FIELDS', 'maxRootFields', 'Fields an operation may select at its root.'),
  maxDirectivesPerPlace: atMost(
    'MAX_DIRECTIVES_PER_PLACE',
    'maxDirectivesPerPlace',
    'Directives at one field, fragment, operation or variable.',
  ),
  maxDirectives: atMost('MAX_DIRECTIVES', 'maxDirectives', 'Directives of an operation, counted like selections.'),
  maxListSize: atMost('MAX_LIST_SIZE', 'maxListSize', 'Items of one list that is sent, in the document or the variables.'),
  planMemoryBytes: setting({
    env: 'PLAN_MEMORY',
    schema: byteSize({ minBytes: 0 }),
    default: '1gb',
    doc: 'Memory of a planner process; one that needs more is ended, and the operations it plans are refused. 0: no limit.',
  }),
  requestTimeoutMs: setting({
    env: 'REQUEST_TIMEOUT',
    schema: duration({ minMs: 100 }),
    default: '30s',
    doc: 'How long a GraphQL request may take to arrive, from its first byte to its last.',
  }),
  headersTimeoutMs: setting({
    env: 'HEADERS_TIMEOUT',
    schema: duration({ minMs: 100 }),
    default: '15s',
    doc: 'How long the headers of any request may take to arrive.',
  }),
};

export function toDocumentLimits(settings: ConfigOf<typeof limitSettings>): DocumentLimits {
  const atMost = (max: number): number => (max === OFF ? Infinity : max);
  return {
    maxTokens: atMost(settings.maxTokens),
    maxOperations: atMost(settings.maxOperations),
    maxFragments: atMost(settings.maxFragments),
    maxDepth: settings.maxDepth,
    maxSelections: settings.maxSelections,
    maxAliases: atMost(settings.maxAliases),
    maxRootFields: atMost(settings.maxRootFields),
    maxDirectivesPerPlace: atMost(settings.maxDirectivesPerPlace),
    maxDirectives: atMost(settings.maxDirectives),
    maxListSize: atMost(settings.maxListSize),
  };
}
