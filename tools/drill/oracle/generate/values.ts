import {
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLInputType,
} from 'graphql';
import { chance, type Draft } from './draft.ts';

/** A variable inside a literal. */
class VariableUse {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type Position = Pick<GraphQLArgument | GraphQLInputField, 'type' | 'defaultValue'>;
type Variables = 'with variables' | 'constant';

const NESTED_VARIABLE = 0.08;
const WRONG_NULL = 0.04;

/** What to write after `name:`; undefined leaves the argument out. */
export function writeArgument(draft: Draft, argument: GraphQLArgument, coordinate: string): string | undefined {
  const isRequired = isNonNullType(argument.type) && argument.defaultValue === undefined;
  if (!isRequired && chance(draft, 0.45)) return undefined;
  if (chance(draft, 0.35)) return `$${declareVariable(draft, argument, coordinate)}`;
  const value = isNonNullType(argument.type) || chance(draft, 0.92) ? makeValue(draft, argument.type, coordinate, 'with variables') : null;
  if (value === null) draft.features.add('null literal');
  return printLiteral(argument.type, value);
}

/** A boolean for `@skip` and `@include`: a literal or a variable. */
export function writeCondition(draft: Draft): string {
  if (chance(draft, 0.3)) return String(chance(draft, 0.5));
  draft.features.add('condition by variable');
  const name = `c${draft.variables.length}`;
  const given = { given: chance(draft, 0.5) };
  const form = draft.random.integer(0, 2);
  if (form === 0) draft.variables.push({ name, declaration: `$${name}: Boolean!`, value: given });
  else {
    const declaration = `$${name}: Boolean${form === 1 ? '!' : ''} = ${chance(draft, 0.5)}`;
    draft.variables.push({ name, declaration, value: chance(draft, 0.5) ? given : undefined });
  }
  return `$${name}`;
}

function declareVariable(draft: Draft, { type, defaultValue }: Position, coordinate: string): string {
  const name = `v${draft.variables.length}`;
  draft.features.add('variable');
  const nullable = isNonNullType(type) ? type.ofType : type;
  const typeName = String(nullable);
  const make = (): unknown => makeValue(draft, nullable, coordinate, 'constant');
  const declare = (declared: string, fallback: unknown, value: { given: unknown } | undefined): void => {
    const initial = fallback === undefined ? '' : ` = ${printLiteral(nullable, fallback)}`;
    draft.variables.push({ name, declaration: `$${name}: ${declared}${initial}`, value });
  };
  const given = (): { given: unknown } => ({ given: make() });
  const givenOrNot = (): { given: unknown } | undefined => (chance(draft, 0.5) ? given() : undefined);

  if (isNonNullType(type)) {
    const form = draft.random.integer(0, defaultValue === undefined ? 2 : 3);
    if (form === 0) declare(`${typeName}!`, undefined, given());
    else if (form === 1) declare(`${typeName}!`, make(), givenOrNot());
    else {
      // A nullable variable where null may not be: allowed with a default, and a null in it fails the field.
      const value = chance(draft, WRONG_NULL) ? { given: null } : givenOrNot();
      if (value?.given === null) draft.features.add('null for a non-null argument');
      declare(typeName, form === 2 ? make() : undefined, value);
    }
    return name;
  }
  const form = draft.random.integer(0, 2);
  const nullOr = (): { given: unknown } | undefined => (chance(draft, 0.2) ? { given: null } : givenOrNot());
  if (form === 0) declare(typeName, undefined, nullOr());
  else if (form === 1) declare(typeName, chance(draft, 0.15) ? null : make(), nullOr());
  else declare(`${typeName}!`, undefined, given());
  return name;
}

function makeValue(draft: Draft, type: GraphQLInputType, coordinate: string, variables: Variables): unknown {
  if (isNonNullType(type)) return makeValue(draft, type.ofType, coordinate, variables);
  if (isListType(type)) {
    const item = type.ofType;
    if (chance(draft, 0.15)) return makeValue(draft, item, coordinate, variables); // one value counts as a list of it
    return Array.from({ length: draft.random.integer(0, 3) }, () =>
      makeItem(draft, { type: item, defaultValue: undefined }, coordinate, variables),
    );
  }
  if (isEnumType(type)) return draft.random.pick(type.getValues()).name;
  if (isScalarType(type)) return draft.leafValue(type.name, coordinate);
  const entries = Object.values(type.getFields()).flatMap((field) => {
    const isRequired = isNonNullType(field.type) && field.defaultValue === undefined;
    // Inputs that hold themselves get shallower with every level.
    if (!isRequired && chance(draft, isInputObjectType(field.type) ? 0.75 : 0.5)) return [];
    return [[field.name, makeItem(draft, field, `${type.name}.${field.name}`, variables)] as const];
  });
  return Object.fromEntries(entries);
}

function makeItem(draft: Draft, position: Position, coordinate: string, variables: Variables): unknown {
  if (variables === 'with variables' && chance(draft, NESTED_VARIABLE)) {
    draft.features.add('variable inside a value');
    return new VariableUse(declareVariable(draft, position, coordinate));
  }
  return !isNonNullType(position.type) && chance(draft, 0.08) ? null : makeValue(draft, position.type, coordinate, variables);
}

function printLiteral(type: GraphQLInputType | undefined, value: unknown): string {
  if (value instanceof VariableUse) return `$${value.name}`;
  if (value === null) return 'null';
  const bare = type && isNonNullType(type) ? type.ofType : type;
  if (Array.isArray(value)) {
    const item = bare && isListType(bare) ? bare.ofType : undefined;
    return `[${value.map((one) => printLiteral(item, one)).join(', ')}]`;
  }
  if (bare && isListType(bare)) return printLiteral(bare.ofType, value);
  if (typeof value === 'object') {
    const fields = bare && isInputObjectType(bare) ? bare.getFields() : {};
    return `{${Object.entries(value)
      .map(([key, one]) => `${key}: ${printLiteral(fields[key]?.type, one)}`)
      .join(', ')}}`;
  }
  return bare && isEnumType(bare) && typeof value === 'string' ? value : JSON.stringify(value);
}
