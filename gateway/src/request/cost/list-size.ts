import {
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  valueFromASTUntyped,
  type ArgumentNode,
  type GraphQLField,
  type ValueNode,
} from 'graphql';
import type { ListSize } from './cost-schema.js';
import type { Term, Variables } from './term.js';

/** How many items fields are taken to answer. */
export interface ListSettings {
  /** Where nothing says how many. */
  readonly defaultListSize: number;
  /** Arguments that say how many items a field answers that has no `@listSize`; none: only the directive counts. */
  readonly listArguments: readonly string[];
}

/** The size of what a field answers: its own, or that of lists in the object it answers. */
export interface FieldSize {
  readonly size: Term;
  /** Fields of the answered object that hold the list; none: the field is the list itself. */
  readonly sizedFields: readonly string[];
  /** Set where exactly one argument must say how many: answers what is wrong. */
  readonly problem: ((variables: Variables) => string | undefined) | undefined;
}

/** The lists of a connection, by Relay's specification and the short form many schemas have. */
const CONNECTION_LISTS = ['edges', 'nodes'];

/** Undefined for a field that answers one thing, and says nothing of lists in it. */
export function fieldSize(options: {
  readonly field: GraphQLField<unknown, unknown>;
  readonly given: readonly ArgumentNode[];
  readonly listSize: ListSize | undefined;
  readonly settings: ListSettings;
}): FieldSize | undefined {
  const { field, given, settings } = options;
  const isList = isListType(getNullableType(field.type));
  const listSize = options.listSize ?? byConvention(field, isList, settings);
  if (listSize === undefined) return isList ? { size: settings.defaultListSize, sizedFields: [], problem: undefined } : undefined;
  const { assumedSize = settings.defaultListSize, slicingArguments, sizedFields, requireOneSlicingArgument } = listSize;
  const values = slicingArguments.map((path) => argumentTerm(path, field, given));
  const size = sliceOf(values, assumedSize);
  const problem =
    requireOneSlicingArgument && slicingArguments.length > 0
      ? (variables: Variables): string | undefined => {
          const count = values.filter((value) => isCount(value(variables))).length;
          return count === 1
            ? undefined
            : `${field.name} takes exactly one of the arguments ${slicingArguments.join(', ')} that say how many; ${count} are given.`;
        }
      : undefined;
  return { size, sizedFields, problem };
}

/** Relay's connections, and lists with an argument that says how many. */
function byConvention(field: GraphQLField<unknown, unknown>, isList: boolean, { listArguments }: ListSettings): ListSize | undefined {
  const slicingArguments = field.args.map(({ name }) => name).filter((name) => listArguments.includes(name));
  if (slicingArguments.length === 0) return undefined;
  const answered = getNamedType(field.type);
  const sizedFields = isList || !isObjectType(answered) ? [] : CONNECTION_LISTS.filter((name) => isListField(answered.getFields()[name]));
  if (!isList && sizedFields.length === 0) return undefined;
  return { assumedSize: undefined, slicingArguments, sizedFields, requireOneSlicingArgument: false };
}

function isListField(field: GraphQLField<unknown, unknown> | undefined): boolean {
  return field !== undefined && isListType(getNullableType(field.type));
}

type Value = ((variables: Variables) => unknown) & { readonly constant?: unknown };

/** The largest of the numbers given, else what is assumed. What depends on no variable is a number already. */
function sliceOf(values: readonly Value[], assumed: number): Term {
  const read = (variables: Variables): number => {
    let size = -1;
    for (const value of values) {
      const count = value(variables);
      if (isCount(count)) size = Math.max(size, count, 0);
    }
    return size === -1 ? assumed : size;
  };
  return values.every((value) => 'constant' in value) ? read({}) : read;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

/** What an argument, or a field of it, comes to: as it is given, or by its default. */
function argumentTerm(path: string, field: GraphQLField<unknown, unknown>, given: readonly ArgumentNode[]): Value {
  const [name = '', ...inner] = path.split('.');
  const byDefault: unknown = field.args.find((one) => one.name === name)?.defaultValue;
  const node = given.find((argument) => argument.name.value === name)?.value;
  if (node === undefined) return constant(within(byDefault, inner));
  if (!dependsOnVariables(node)) return constant(within(valueFromASTUntyped(node), inner));
  if (node.kind !== Kind.VARIABLE) return (variables) => within(valueFromASTUntyped(node, variables), inner);
  const variable = node.name.value;
  // A variable that is not given leaves the argument's default in force.
  return (variables) => within(variable in variables ? variables[variable] : byDefault, inner);
}

function constant(value: unknown): Value {
  return Object.assign(() => value, { constant: value });
}

function within(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  return at;
}

function dependsOnVariables(node: ValueNode): boolean {
  if (node.kind === Kind.VARIABLE) return true;
  if (node.kind === Kind.LIST) return node.values.some(dependsOnVariables);
  return node.kind === Kind.OBJECT && node.fields.some(({ value }) => dependsOnVariables(value));
}
