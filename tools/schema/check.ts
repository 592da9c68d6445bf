import { validate, type GraphQLSchema } from 'graphql';
import { findChanges, type SchemaChange } from './changes.ts';
import type { RecordedOperation } from './operations.ts';
import { usedCoordinates } from './used-coordinates.ts';

export interface CheckedChange extends SchemaChange {
  /** Names of the recorded operations that may notice; undefined where none were given. */
  readonly usedBy: readonly string[] | undefined;
}

export interface CheckReport {
  readonly changes: readonly CheckedChange[];
  /** Recorded operations that were valid and are not any more, with the first reason. */
  readonly broken: readonly { readonly operation: string; readonly reason: string }[];
  /** Recorded operations that do not fit what clients have now; nothing can be said about them. */
  readonly ignored: readonly string[];
  /** How many recorded operations were looked at. */
  readonly operations: number | undefined;
  readonly isBreaking: boolean;
  readonly isDangerous: boolean;
}

/**
 * What a change of the schema means: with operations, to those; without, to any client there may be.
 *
 * A change is breaking when an operation uses what it is about. As a second opinion every operation is validated against the new schema: one
 * that no longer fits counts as broken whatever the comparison says.
 */
export function checkSchema(options: {
  readonly before: GraphQLSchema;
  readonly after: GraphQLSchema;
  readonly operations: readonly RecordedOperation[] | undefined;
}): CheckReport {
  const { before, after, operations } = options;
  const changes = findChanges(before, after);
  if (operations === undefined) {
    return {
      changes: changes.map((change) => ({ ...change, usedBy: undefined })),
      broken: [],
      ignored: [],
      operations: undefined,
      isBreaking: changes.some(({ severity }) => severity === 'breaking'),
      isDangerous: changes.some(({ severity }) => severity === 'dangerous'),
    };
  }

  const isValid = ({ document }: RecordedOperation): boolean => validate(before, document).length === 0;
  const fitting = operations.filter(isValid);
  const used = fitting.map(({ name, document }) => ({ name, coordinates: usedCoordinates(before, document) }));
  const checked = changes.map((change): CheckedChange => ({
    ...change,
    usedBy: [...new Set(used.filter(({ coordinates }) => usesAll(coordinates, change.coordinates)).map(({ name }) => name))],
  }));
  const broken = fitting.flatMap(({ name, document }) => {
    const [error] = validate(after, document);
    return error ? [{ operation: name, reason: error.message }] : [];
  });
  const isUsed = (severity: SchemaChange['severity']): boolean =>
    checked.some((change) => change.severity === severity && change.usedBy!.length > 0);
  return {
    changes: checked,
    broken,
    ignored: operations.filter((operation) => !fitting.includes(operation)).map(({ name }) => name),
    operations: fitting.length,
    isBreaking: isUsed('breaking') || broken.length > 0,
    isDangerous: isUsed('dangerous'),
  };
}

function usesAll(used: ReadonlySet<string>, coordinates: readonly string[] | undefined): boolean {
  return coordinates === undefined || coordinates.every((coordinate) => used.has(coordinate));
}
