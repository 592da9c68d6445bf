import { parse, validate, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { createRandom, type Random } from '../../../harness/random.ts';
import type { Operation } from '../operation.ts';
import { chance, type Draft } from './draft.ts';
import { writeField, writeSelectionSet } from './selections.ts';

export interface GeneratedOperation extends Operation {
  /** What it uses, and `mutation` where it is one. */
  readonly features: readonly string[];
}

export interface GenerateOptions {
  readonly schema: GraphQLSchema;
  readonly seed: number;
  readonly index: number;
  readonly leafValue: (random: Random, scalar: string, coordinate: string) => unknown;
  /** At most one mutation of each group stands in an operation. */
  readonly exclusiveMutations: readonly (readonly string[])[];
}

const ATTEMPTS = 50;
const MAX_FIELDS = 45;

/**
 * The operation of this seed and index: always the same one, and valid for the schema. Most drafts are valid; the others, mostly
 * because of response keys that cannot be merged, are thrown away.
 */
export function generateOperation(options: GenerateOptions): GeneratedOperation {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const draft = createDraft(options, attempt);
    const operation = writeOperation(draft, options);
    if (validate(options.schema, parse(operation.query)).length === 0) return operation;
  }
  throw new Error(`No valid operation came of seed ${options.seed}, index ${options.index}.`);
}

function createDraft({ schema, seed, index, leafValue }: GenerateOptions, attempt: number): Draft {
  const random = createRandom(`${seed}/${index}/${attempt}`);
  return {
    schema,
    random,
    variables: [],
    fragments: [],
    fieldsLeft: random.integer(3, MAX_FIELDS),
    nesting: 0,
    features: new Set(),
    leafValue: (scalar, coordinate) => leafValue(random, scalar, coordinate),
  };
}

function writeOperation(draft: Draft, options: GenerateOptions): GeneratedOperation {
  const isMutation = chance(draft, 0.12);
  const root = isMutation ? options.schema.getMutationType() : options.schema.getQueryType();
  if (!root) throw new Error('The schema lacks a root type.');
  const body = isMutation ? writeMutation(draft, root, options.exclusiveMutations) : writeQuery(draft, root);
  if (isMutation) draft.features.add('mutation');

  const isNamed = chance(draft, 0.4);
  const isOneOfSeveral = isNamed && chance(draft, 0.3);
  if (isOneOfSeveral) draft.features.add('one of several operations');
  const declarations = draft.variables.length > 0 ? `(${draft.variables.map(({ declaration }) => declaration).join(', ')})` : '';
  const keyword = isMutation ? 'mutation' : 'query';
  const head = isNamed || isMutation || declarations !== '' ? `${keyword}${isNamed ? ' Main' : ''}${declarations} ` : '';
  const query = [
    ...(isOneOfSeveral ? ['query Other { __typename }'] : []),
    `${head}${body}`,
    ...draft.fragments.map(({ text }) => text),
  ].join('\n');
  const given = draft.variables.flatMap(({ name, value }) => (value ? [[name, value.given] as const] : []));
  return {
    query,
    ...(isNamed && (isOneOfSeveral || chance(draft, 0.5)) ? { operationName: 'Main' } : {}),
    ...(given.length > 0 ? { variables: Object.fromEntries(given) } : {}),
    features: [...draft.features],
  };
}

const DEPTH = 6;
const INTROSPECTION = [
  '__schema { queryType { name } mutationType { name } }',
  '__type(name: "Product") { name kind interfaces { name } }',
  'i: __type(name: "Media") { kind fields { name type { kind name ofType { name } } } possibleTypes { name } }',
  'none: __type(name: "Nothing") { name }',
];

function writeQuery(draft: Draft, root: GraphQLObjectType): string {
  const depth = draft.random.integer(2, DEPTH);
  const body = writeSelectionSet(draft, root, depth);
  if (!chance(draft, 0.04)) return body;
  draft.features.add('introspection');
  return body.replace('{', `{ ${draft.random.pick(INTROSPECTION)}`);
}

function writeMutation(draft: Draft, root: GraphQLObjectType, exclusive: readonly (readonly string[])[]): string {
  const taken = new Set<readonly string[]>();
  const fields: string[] = [];
  for (let number = draft.random.integer(1, 4); number > 0; number--) {
    const field = draft.random.pick(Object.values(root.getFields()));
    const group = exclusive.find((names) => names.includes(field.name));
    if (group && taken.has(group)) continue;
    if (group) taken.add(group);
    const text = writeField(draft, root.name, field, draft.random.integer(1, 4));
    if (text === undefined) continue;
    fields.push(chance(draft, 0.1) ? `... on ${root.name} { ${text} }` : text);
  }
  if (chance(draft, 0.1)) fields.push('__typename');
  return `{ ${fields.length > 0 ? fields.join(' ') : '__typename'} }`;
}
