import { assertNever } from '@loomgraph/core';
import {
  isInterfaceType,
  Kind,
  type ConstDirectiveNode,
  type ConstValueNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
} from 'graphql';

/** `@listSize` of a field. */
export interface ListSize {
  readonly assumedSize: number | undefined;
  /** Names of arguments, or of fields in them: `first`, `input.first`. */
  readonly slicingArguments: readonly string[];
  /** Fields of the answered object that hold the list; none: the field is the list itself. */
  readonly sizedFields: readonly string[];
  readonly requireOneSlicingArgument: boolean;
}

/** What a supergraph says of costs, by `@cost` and `@listSize`. Undefined where it says nothing. */
export interface CostSchema {
  weightOfType(type: string): number | undefined;
  weightOfField(type: string, field: string): number | undefined;
  weightOfArgument(type: string, field: string, argument: string): number | undefined;
  weightOfInputField(type: string, field: string): number | undefined;
  listSize(type: string, field: string): ListSize | undefined;
}

const SPEC = 'https://specs.apollo.dev/cost/';

interface Names {
  readonly cost: string;
  readonly listSize: string;
}

/**
 * Reads the directives of the cost specification (https://specs.apollo.dev/cost/v0.1, after IBM's) under the names that `@link` gives them.
 * For a field of an interface the largest of what is said there and at the types that implement it counts.
 */
export function readCostSchema(supergraph: GraphQLSchema): CostSchema {
  const names = directiveNames(supergraph);
  const fieldNode = (type: string, field: string): FieldDefinitionNode | undefined => {
    const found = supergraph.getType(type);
    return found !== undefined && 'getFields' in found ? (found.getFields()[field]?.astNode as FieldDefinitionNode | undefined) : undefined;
  };
  const inputNode = (type: string, field: string): InputValueDefinitionNode | undefined =>
    fieldNode(type, field) as InputValueDefinitionNode | undefined; // of an input type
  const typesOf = (type: string): readonly string[] => {
    const found = supergraph.getType(type);
    return isInterfaceType(found) ? [type, ...supergraph.getPossibleTypes(found).map(({ name }) => name)] : [type];
  };
  const weightIn = (node: { readonly directives?: readonly ConstDirectiveNode[] | undefined } | null | undefined): number | undefined => {
    const weight = Number(argumentsOf(node?.directives, names.cost)?.['weight'] ?? Number.NaN);
    return Number.isFinite(weight) ? weight : undefined;
  };
  return {
    weightOfType: (type) => weightIn(supergraph.getType(type)?.astNode),
    weightOfField: (type, field) => largest(typesOf(type).map((one) => weightIn(fieldNode(one, field)))),
    weightOfArgument: (type, field, argument) =>
      largest(typesOf(type).map((one) => weightIn(fieldNode(one, field)?.arguments?.find(({ name }) => name.value === argument)))),
    weightOfInputField: (type, field) => weightIn(inputNode(type, field)),
    listSize(type, field) {
      for (const one of typesOf(type)) {
        const given = argumentsOf(fieldNode(one, field)?.directives, names.listSize);
        if (given !== undefined) return toListSize(given);
      }
      return undefined;
    },
  };
}

function toListSize(given: Readonly<Record<string, unknown>>): ListSize {
  const { assumedSize, slicingArguments, sizedFields, requireOneSlicingArgument } = given;
  return {
    assumedSize: typeof assumedSize === 'number' ? assumedSize : undefined,
    slicingArguments: toTexts(slicingArguments),
    sizedFields: toTexts(sizedFields),
    requireOneSlicingArgument: requireOneSlicingArgument !== false,
  };
}

function toTexts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function largest(values: readonly (number | undefined)[]): number | undefined {
  const given = values.filter((value) => value !== undefined);
  return given.length === 0 ? undefined : Math.max(...given);
}

/** A directive that is not imported has the name of the specification before its own; one that is called like it has that alone. */
function directiveNames({ astNode, extensionASTNodes }: GraphQLSchema): Names {
  const directives = [astNode, ...extensionASTNodes].flatMap((node) => node?.directives ?? []);
  for (const { name, arguments: given } of directives) {
    if (name.value !== 'link') continue;
    const link = toRecord(given);
    if (typeof link['url'] !== 'string' || !link['url'].startsWith(SPEC)) continue;
    const namespace = typeof link['as'] === 'string' ? link['as'] : 'cost';
    const imported = importsOf(link['import']);
    return { cost: imported.get('@cost') ?? namespace, listSize: imported.get('@listSize') ?? `${namespace}__listSize` };
  }
  return { cost: 'cost', listSize: 'listSize' };
}

/** `"@cost"`, or `{ name: "@cost", as: "@weight" }`. */
function importsOf(value: unknown): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const one of Array.isArray(value) ? value : []) {
    const { name, as = name } = typeof one === 'string' ? { name: one } : (one as { readonly name?: unknown; readonly as?: unknown });
    if (typeof name === 'string' && typeof as === 'string') names.set(name, as.replace(/^@/, ''));
  }
  return names;
}

function argumentsOf(directives: readonly ConstDirectiveNode[] | undefined, name: string): Readonly<Record<string, unknown>> | undefined {
  const found = directives?.find((directive) => directive.name.value === name);
  return found === undefined ? undefined : toRecord(found.arguments);
}

function toRecord(given: readonly { readonly name: { readonly value: string }; readonly value: ConstValueNode }[] = []) {
  return Object.fromEntries(given.map(({ name, value }) => [name.value, toValue(value)]));
}

function toValue(node: ConstValueNode): unknown {
  switch (node.kind) {
    case Kind.INT:
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.STRING:
    case Kind.BOOLEAN:
    case Kind.ENUM:
      return node.value;
    case Kind.LIST:
      return node.values.map(toValue);
    case Kind.OBJECT:
      return toRecord(node.fields);
    case Kind.NULL:
      return null;
    default:
      return assertNever(node);
  }
}
