import {
  BreakingChangeType,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  isInputObjectType,
  type GraphQLSchema,
} from 'graphql';

export interface SchemaChange {
  readonly severity: 'breaking' | 'dangerous';
  /** As graphql names it: `FIELD_REMOVED`, `VALUE_ADDED_TO_ENUM`... */
  readonly kind: string;
  readonly description: string;
  /**
   * Schema coordinates an operation must use, all of them, to notice: `Template.name`, `Query.templates(first:)`, `Order.USAGE`, `@defer`.
   * Undefined where they cannot be told; such a change counts as used.
   */
  readonly coordinates: readonly string[] | undefined;
}

/**
 * What clients of `before` may notice in `after`, breaking changes first.
 *
 * By graphql's own comparison. `@graphql-inspector/core` 8.0 finds the same, except for optional input fields that were added, and adds a
 * dependency; its coordinates are read from graphql's sentences here.
 */
export function findChanges(before: GraphQLSchema, after: GraphQLSchema): readonly SchemaChange[] {
  const toChange =
    (severity: SchemaChange['severity']) =>
    ({ type, description }: { readonly type: string; readonly description: string }): SchemaChange => ({
      severity,
      kind: type,
      description,
      coordinates: coordinatesOf(type, description)?.map((coordinate) => widen(before, coordinate, description)),
    });
  return [
    ...findBreakingChanges(before, after).map(toChange('breaking')),
    ...findDangerousChanges(before, after).map(toChange('dangerous')),
  ];
}

const NAME = '([_A-Za-z][_0-9A-Za-z]*)';
const FIELD = String.raw`${NAME}\.${NAME}`;

/** How graphql words each kind of change, and what of it an operation must use. */
const SENTENCES: Readonly<Record<string, readonly [pattern: string, ...coordinates: string[]]>> = {
  [BreakingChangeType.TYPE_REMOVED]: [`^(?:Standard scalar )?${NAME} was removed`, '$1'],
  [BreakingChangeType.TYPE_CHANGED_KIND]: [`^${NAME} changed from`, '$1'],
  [BreakingChangeType.TYPE_REMOVED_FROM_UNION]: [`^${NAME} was removed from union type ${NAME}`, '$1', '$2'],
  [BreakingChangeType.VALUE_REMOVED_FROM_ENUM]: [`^${NAME} was removed from enum type ${NAME}`, '$2.$1'],
  [BreakingChangeType.REQUIRED_INPUT_FIELD_ADDED]: [`^A required field ${NAME} on input type ${NAME}`, '$2'],
  [BreakingChangeType.IMPLEMENTED_INTERFACE_REMOVED]: [`^${NAME} no longer implements interface ${NAME}`, '$1', '$2'],
  [BreakingChangeType.FIELD_REMOVED]: [`^${FIELD} was removed`, '$1.$2'],
  [BreakingChangeType.FIELD_CHANGED_KIND]: [`^${FIELD} changed type`, '$1.$2'],
  [BreakingChangeType.REQUIRED_ARG_ADDED]: [`^A required arg ${NAME} on ${FIELD} was added`, '$2.$3'],
  [BreakingChangeType.ARG_REMOVED]: [`^${FIELD} arg ${NAME} was removed`, '$1.$2($3:)'],
  [BreakingChangeType.ARG_CHANGED_KIND]: [`^${FIELD} arg ${NAME} has changed type`, '$1.$2($3:)'],
  [BreakingChangeType.DIRECTIVE_REMOVED]: [`^${NAME} was removed`, '@$1'],
  [BreakingChangeType.DIRECTIVE_ARG_REMOVED]: [`^${NAME} was removed from ${NAME}`, '@$2($1:)'],
  [BreakingChangeType.REQUIRED_DIRECTIVE_ARG_ADDED]: [`^A required arg ${NAME} on directive ${NAME}`, '@$2'],
  [BreakingChangeType.DIRECTIVE_REPEATABLE_REMOVED]: [`^Repeatable flag was removed from ${NAME}`, '@$1'],
  [BreakingChangeType.DIRECTIVE_LOCATION_REMOVED]: [`^${NAME} was removed from ${NAME}`, '@$2'],
  [DangerousChangeType.VALUE_ADDED_TO_ENUM]: [`^${NAME} was added to enum type ${NAME}`, '$2'],
  [DangerousChangeType.TYPE_ADDED_TO_UNION]: [`^${NAME} was added to union type ${NAME}`, '$2'],
  [DangerousChangeType.OPTIONAL_INPUT_FIELD_ADDED]: [`^An optional field ${NAME} on input type ${NAME}`, '$2'],
  [DangerousChangeType.OPTIONAL_ARG_ADDED]: [`^An optional arg ${NAME} on ${FIELD} was added`, '$2.$3'],
  [DangerousChangeType.IMPLEMENTED_INTERFACE_ADDED]: [`^${NAME} added to interfaces implemented by ${NAME}`, '$1'],
  [DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE]: [`^${FIELD} arg ${NAME} (?:has changed defaultValue|defaultValue was removed)`, '$1.$2'],
};

function coordinatesOf(kind: string, description: string): readonly string[] | undefined {
  const [pattern, ...templates] = SENTENCES[kind] ?? [];
  const match = pattern === undefined ? null : new RegExp(pattern).exec(description);
  if (!match) return undefined;
  return templates.map((template) => template.replaceAll(/\$(\d)/g, (_, group: string) => match[Number(group)]!));
}

/** What was left out so far and is required from now on breaks those who leave it out: it is enough to use what it belongs to. */
function widen(before: GraphQLSchema, coordinate: string, description: string): string {
  if (!/changed type .*!\.$/.test(description)) return coordinate;
  const [type = ''] = coordinate.split('.');
  return isInputObjectType(before.getType(type)) ? type : coordinate.replace(/\(.*/, '');
}
