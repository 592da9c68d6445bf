import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isListType,
  isObjectType,
  isUnionType,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { CostSchema } from './cost-schema.js';
import { gatherFields, type GatheredField, type SelectedPart } from './gather-fields.js';
import { argumentsCost } from './input-cost.js';
import { fieldSize, type ListSettings } from './list-size.js';
import { evaluate, maximum, product, sum, type Term, type Variables } from './term.js';

/** What an operation may cost at most, as far as can be told before it runs. */
export interface OperationCost {
  /** Finite, at least 0, at most `HIGHEST_COST`. */
  estimate(variables: Variables): number;
  /** Which field lacks the argument that says how many, where `@listSize` asks for exactly one. Undefined: none does. */
  problem(variables: Variables): string | undefined;
  /** Whether the estimate is the same for all variables. */
  readonly isConstant: boolean;
}

export interface CostScope {
  /** That clients see. */
  readonly schema: GraphQLSchema;
  readonly costs: CostSchema;
  readonly lists: ListSettings;
}

/** Weights by the cost specification: an object costs 1, a leaf nothing; a mutation 10 beside what it answers. */
const OBJECT_WEIGHT = 1;
const MUTATION_WEIGHT = 10;
/** The gateway writes it without asking anybody; it may be as large as the schema. */
const INTROSPECTION_WEIGHT: ReadonlyMap<string, number> = new Map([
  ['__schema', 100],
  ['__type', 10],
  ['__typename', 0],
]);

/**
 * Compiles an operation into a function of its variables, so that a request pays for a few multiplications. Each selection is looked at once,
 * in time linear to the expanded operation.
 *
 * The cost of a field is the number of items it answers, times the weight of one and the cost of what is selected of it, plus the cost of its
 * arguments. Where the type of an object is open, the dearest of the types it may have counts.
 */
export function compileCost(
  document: { readonly operation: OperationDefinitionNode; readonly fragments: ReadonlyMap<string, FragmentDefinitionNode> },
  scope: CostScope,
): OperationCost {
  const { operation, fragments } = document;
  const root = scope.schema.getRootType(operation.operation);
  const compiler = new Compiler(scope, fragments);
  const fields = root ? compiler.parts([{ set: operation.selectionSet, gate: true }], root, NO_SIZES) : 0;
  const term = sum([operation.operation === 'mutation' ? MUTATION_WEIGHT : 0, fields]);
  const { problems } = compiler;
  return {
    isConstant: typeof term === 'number',
    estimate: (variables) => evaluate(term, variables),
    problem(variables) {
      for (const problem of problems) {
        const found = problem(variables);
        if (found !== undefined) return found;
      }
      return undefined;
    },
  };
}

type Sizes = ReadonlyMap<string, Term>;
const NO_SIZES: Sizes = new Map();

class Compiler {
  readonly problems: ((variables: Variables) => string | undefined)[] = [];
  readonly #scope: CostScope;
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(scope: CostScope, fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#scope = scope;
    this.#fragments = fragments;
  }

  /** `sizes`: of the lists among the fields, where the field above says so. */
  parts(parts: readonly SelectedPart[], type: GraphQLCompositeType, sizes: Sizes): Term {
    const { schema } = this.#scope;
    const { fields, byType } = gatherFields(parts, type, { schema, fragments: this.#fragments });
    const terms = fields.map((field) => this.#field(field, type, sizes));
    const exclusive: Term[] = [];
    for (const [name, inner] of byType) {
      const other = schema.getType(name);
      if (!isCompositeType(other)) continue;
      // An object has one type of these, but may have several of the abstract ones.
      (isObjectType(other) ? exclusive : terms).push(this.parts(inner, other, sizes));
    }
    return sum([...terms, maximum(exclusive)]);
  }

  #field({ node, included, parts }: GatheredField, parent: GraphQLCompositeType, sizes: Sizes): Term {
    const name = node.name.value;
    const introspection = INTROSPECTION_WEIGHT.get(name);
    if (introspection !== undefined) return product(included, introspection);
    const field = isUnionType(parent) ? undefined : parent.getFields()[name];
    if (field === undefined) return 0;
    const { costs, lists } = this.#scope;
    const given = node.arguments ?? [];
    const own = fieldSize({ field, given, listSize: costs.listSize(parent.name, name), settings: lists });
    if (own?.problem !== undefined) {
      const { problem } = own;
      this.problems.push((variables) => (evaluate(included, variables) === 0 ? undefined : problem(variables)));
    }
    const isSizing = own !== undefined && own.sizedFields.length > 0;
    const innerSizes: Sizes = isSizing ? new Map(own.sizedFields.map((sized) => [sized, own.size])) : NO_SIZES;
    const answered = getNamedType(field.type);
    const inner = isCompositeType(answered) ? this.parts(parts, answered, innerSizes) : 0;
    const each = sum([this.#weight(field, parent.name), inner]);
    const count = this.#count(field, { outer: sizes.get(name), own: isSizing ? undefined : own?.size });
    return product(included, sum([product(count, each), argumentsCost({ field, parent: parent.name, given, costs })]));
  }

  #weight(field: GraphQLField<unknown, unknown>, parent: string): number {
    const { costs } = this.#scope;
    const type = getNamedType(field.type);
    const weight = costs.weightOfField(parent, field.name) ?? costs.weightOfType(type.name) ?? (isCompositeType(type) ? OBJECT_WEIGHT : 0);
    // A negative weight would pay for other fields.
    return Math.max(0, weight);
  }

  #count(
    field: GraphQLField<unknown, unknown>,
    { outer, own }: { readonly outer: Term | undefined; readonly own: Term | undefined },
  ): Term {
    if (!isListType(getNullableType(field.type))) return 1;
    return outer ?? own ?? this.#scope.lists.defaultListSize;
  }
}
