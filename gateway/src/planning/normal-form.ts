import { LoomError } from '@loomgraph/core';
import {
  Kind,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionNode,
} from 'graphql';
import type { PlannedOperation } from './planner.js';
import { keepRootFields, type Fragments } from './root-selections.js';
import { stripDefer } from './strip-defer.js';
import { withUsedFragments } from './used-fragments.js';

/** One operation out of a document, written in the one way in which every document that says the same is written. */
export interface NormalForm {
  /** The operation, then the fragments it uses in the order it uses them; without locations, descriptions and block strings. */
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** `document`, printed: the key of everything that is kept per operation. */
  readonly text: string;
  /** What planners are given: without introspection and `@defer`. Its root selects `__typename` alone where no subgraph is needed. */
  readonly planned: PlannedOperation;
  /** The operation with nothing but its root's `__schema` and `__type`; undefined when it asks for neither. */
  readonly introspection: DocumentNode | undefined;
  /** `__schema` or `__type` is asked of an object further down that has the type of the root. No planner is told of it. */
  readonly hasNestedIntrospection: boolean;
}

/**
 * The normal form of one operation of a validated document whose expansion is bounded (`expansion.ts`).
 * Throws `OPERATION_RESOLUTION_FAILURE` when the operation is not there. Equal texts mean equal documents.
 */
export function toNormalForm(source: DocumentNode, operationName: string | undefined): NormalForm {
  const operation = bare(chooseOperation(source, operationName));
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of source.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, bare(definition));
  }
  const document = withUsedFragments(operation, fragments);
  const text = print(document);

  const introspected = keepRootFields(operation.selectionSet, fragments, isSchemaField);
  const forPlanner = withoutDefer(toPlannable(operation, fragments, document), text);
  const withoutSchema = mayNestIntrospection(text) ? withoutSchemaFields(forPlanner) : forPlanner;
  return {
    document,
    operation,
    text,
    planned: {
      document: withoutSchema,
      text: withoutSchema === document ? text : print(withoutSchema),
      operationName: operation.name?.value,
    },
    introspection: introspected.length === 0 ? undefined : withUsedFragments(withSelections(operation, introspected), fragments),
    hasNestedIntrospection: withoutSchema !== forPlanner,
  };
}

function chooseOperation(source: DocumentNode, operationName: string | undefined): OperationDefinitionNode {
  const operations = source.definitions.filter((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  const [first, second] = operations;
  if (operationName === undefined) {
    if (first && !second) return first;
    throw new LoomError(
      'OPERATION_RESOLUTION_FAILURE',
      first ? 'The document holds several operations: name the one to execute.' : 'The document holds no operation.',
    );
  }
  const named = operations.find(({ name }) => name?.value === operationName);
  if (named) return named;
  throw new LoomError('OPERATION_RESOLUTION_FAILURE', `The document holds no operation named "${operationName}".`);
}

export function fragmentsOfForm({ document }: NormalForm): Fragments {
  return new Map(document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])));
}

/**
 * The normal form of an operation that its caller is answered in part. It is told apart from others of the same operation by `signature`,
 * and the schema is read as in the whole one.
 */
export function cutNormalForm(
  normal: NormalForm,
  form: { readonly shown: OperationDefinitionNode; readonly left: OperationDefinitionNode; readonly signature: string },
): NormalForm {
  const { shown, left, signature } = form;
  const leftAlone = toNormalForm({ kind: Kind.DOCUMENT, definitions: [left] }, undefined);
  return {
    ...normal,
    document: { kind: Kind.DOCUMENT, definitions: [shown] },
    operation: shown,
    text: `${normal.text}\n# ${signature}`,
    planned: leftAlone.planned,
  };
}

const TYPENAME_FIELD: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

const isSchemaField = ({ name }: FieldNode): boolean => name.value === '__schema' || name.value === '__type';
const isData = (field: FieldNode): boolean => field.name.value !== TYPENAME_FIELD.name.value && !isSchemaField(field);

/** Takes introspection off the root, and directives off the variables: they are for us, and not every planner can read them. */
function toPlannable(operation: OperationDefinitionNode, fragments: Fragments, document: DocumentNode): DocumentNode {
  const selections = keepRootFields(operation.selectionSet, fragments, isData);
  const isWhole =
    selections.length === operation.selectionSet.selections.length &&
    selections.every((kept, index) => kept === operation.selectionSet.selections[index]);
  const hasDirectives = operation.variableDefinitions?.some(({ directives }) => directives && directives.length > 0) ?? false;
  if (isWhole && !hasDirectives) return document;
  const variableDefinitions = (operation.variableDefinitions ?? []).map((definition) => ({ ...definition, directives: [] }));
  return withUsedFragments(
    { ...withSelections(operation, selections.length === 0 ? [TYPENAME_FIELD] : selections), variableDefinitions },
    fragments,
  );
}

function withSelections(operation: OperationDefinitionNode, selections: readonly SelectionNode[]): OperationDefinitionNode {
  return { ...operation, selectionSet: { kind: Kind.SELECTION_SET, selections } };
}

/** Looking into the text first spares nearly every document a walk. */
const withoutDefer = (document: DocumentNode, text: string): DocumentNode => (text.includes('@defer') ? stripDefer(document) : document);
const mayNestIntrospection = (text: string): boolean => /\b__(?:schema|type)\b/.test(text);

/** A subgraph would answer them with its own schema. Where nothing else is selected, `__typename` takes the place. */
function withoutSchemaFields(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: { leave: (field) => (isSchemaField(field) ? null : undefined) },
    SelectionSet: { leave: (node) => (node.selections.length === 0 ? { ...node, selections: [TYPENAME_FIELD] } : undefined) },
  });
}

/** A copy without locations (they keep the whole source text and its tokens in memory), descriptions and block strings. */
function bare<T>(value: T): T;
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item): unknown => bare(item));
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === 'loc' || key === 'description') continue;
    copy[key] = key === 'block' ? false : bare<unknown>(item);
  }
  return copy;
}
