import {
  getNamedType,
  isInputObjectType,
  Kind,
  valueFromASTUntyped,
  type ArgumentNode,
  type GraphQLField,
  type GraphQLInputType,
  type ValueNode,
} from 'graphql';
import type { CostSchema } from './cost-schema.js';
import { sum, type Term } from './term.js';

/** An object that is sent costs 1 unless `@cost` says otherwise, anything else nothing; each with what is in it. */
const OBJECT_WEIGHT = 1;

/** What the arguments of a field cost. */
export function argumentsCost(options: {
  readonly field: GraphQLField<unknown, unknown>;
  readonly parent: string;
  readonly given: readonly ArgumentNode[];
  readonly costs: CostSchema;
}): Term {
  const { field, parent, given, costs } = options;
  return sum(
    given.map(({ name, value: node }): Term => {
      const argument = field.args.find((one) => one.name === name.value);
      if (argument === undefined) return 0;
      const own = costs.weightOfArgument(parent, field.name, argument.name);
      const { type } = argument;
      // Most arguments are scalars that cost nothing.
      if (own === undefined && !isInputObjectType(getNamedType(type)) && costs.weightOfType(getNamedType(type).name) === undefined)
        return 0;
      const costOf = (value: unknown): number => inputCost(value, { type, own, costs });
      if (node.kind === Kind.VARIABLE) {
        const variable = node.name.value;
        return (variables) => costOf(variables[variable]);
      }
      return holdsVariable(node) ? (variables) => costOf(valueFromASTUntyped(node, variables)) : costOf(valueFromASTUntyped(node));
    }),
  );
}

interface InputPlace {
  readonly type: GraphQLInputType;
  /** What `@cost` says at the argument or input field. */
  readonly own: number | undefined;
  readonly costs: CostSchema;
}

function inputCost(value: unknown, { type, own, costs }: InputPlace): number {
  if (value === undefined || value === null) return 0;
  if (Array.isArray(value)) return value.reduce((total: number, item: unknown) => total + inputCost(item, { type, own, costs }), 0);
  const named = getNamedType(type);
  if (!isInputObjectType(named) || typeof value !== 'object') return own ?? costs.weightOfType(named.name) ?? 0;
  let total = own ?? costs.weightOfType(named.name) ?? OBJECT_WEIGHT;
  const fields = named.getFields();
  for (const [key, item] of Object.entries(value)) {
    const field = fields[key];
    if (field) total += inputCost(item, { type: field.type, own: costs.weightOfInputField(named.name, key), costs });
  }
  return total;
}

function holdsVariable(node: ValueNode): boolean {
  if (node.kind === Kind.VARIABLE) return true;
  if (node.kind === Kind.LIST) return node.values.some(holdsVariable);
  return node.kind === Kind.OBJECT && node.fields.some(({ value }) => holdsVariable(value));
}
