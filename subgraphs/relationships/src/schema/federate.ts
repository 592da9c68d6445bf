import { DEFAULT_PAGE_SIZE } from '@loomgraph/core';
import {
  Kind,
  lexicographicSortSchema,
  parse,
  parseConstValue,
  print,
  printSchema,
  visit,
  type ConstDirectiveNode,
  type DefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  type ObjectTypeDefinitionNode,
  type StringValueNode,
} from 'graphql';
import { argumentDocs, outputFieldDocs, outputTypeDocs, rootFieldDocs, sortInputDoc } from './descriptions.js';
import { entities } from './type-defs.js';

const FEDERATION_LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])';

/** Types every subgraph may declare alike; their descriptions are left to the others, which would clash. */
const sharedTypes: ReadonlySet<string> = new Set(['PageInfo', 'SortDirection']);

/** Edges with a measure come strongest first; everything else by id, so that pages do not overlap. */
const connectionOrders: Readonly<Record<string, string>> = {
  similarToConnection: '[{ edge: { similarity: DESC } }, { node: { id: ASC } }]',
  usedByConnection: '[{ edge: { usageCount: DESC } }, { node: { id: ASC } }]',
  usedConnection: '[{ edge: { usageCount: DESC } }, { node: { id: ASC } }]',
};

/**
 * Turns the schema the library generates into federation SDL that composes with the owners of its entities:
 *
 * - entities get their `@key`, `PageInfo` becomes `@shareable`;
 * - inputs get the prefix `Graph`, because composition would merge them with inputs of the same name elsewhere. Output types keep their
 *   names: the library looks selections up by them. The root connections go, whose edge types are called as the templates' own are;
 * - filters by aggregates go: each scans all edges of every candidate;
 * - root and relationship fields become nullable, so that a graph that is down, or has no such node yet, costs its branch only;
 * - lists get default orders and pages as default values of their arguments.
 */
export function federate(generated: GraphQLSchema): string {
  const pruned = prune(dropFields(parse(printSchema(lexicographicSortSchema(generated))).definitions));
  const inputs = new Set(pruned.flatMap((node) => (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION ? [node.name.value] : [])));
  const renamed = visit(
    { kind: Kind.DOCUMENT, definitions: pruned },
    {
      Name: (node, key, parent) =>
        isTypeName(key, parent) && inputs.has(node.value) ? { ...node, value: `Graph${node.value}` } : undefined,
    },
  );
  const adapted = visit(renamed, {
    ObjectTypeDefinition: adaptObject,
    // The library's text names types as they were called before.
    InputObjectTypeDefinition: (node) => (node.name.value.endsWith('Sort') ? { ...node, ...describe(sortInputDoc) } : undefined),
    EnumTypeDefinition: (node) => ({
      ...node,
      description: undefined,
      values: node.values?.map((value) => ({ ...value, description: undefined })),
    }),
  });
  return `${FEDERATION_LINK}\n\n${print(adapted)}\n`;
}

function dropFields(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  return definitions.map((node) => {
    if (node.kind === Kind.OBJECT_TYPE_DEFINITION && node.name.value === 'Query') {
      const roots = new Set(Object.values(entities));
      return { ...node, fields: node.fields?.filter((field) => roots.has(field.name.value)) };
    }
    if (node.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION)
      return { ...node, fields: node.fields?.filter((field) => field.name.value !== 'aggregate') };
    return node;
  });
}

/** The definitions that can be reached from the root fields. */
function prune(definitions: readonly DefinitionNode[]): DefinitionNode[] {
  const byName = new Map(definitions.flatMap((node) => ('name' in node && node.name ? [[node.name.value, node] as const] : [])));
  const reached = new Set<string>();
  const reach = (name: string): void => {
    const node = byName.get(name);
    if (!node || reached.has(name)) return;
    reached.add(name);
    visit(node, { NamedType: (type) => reach(type.name.value) });
  };
  reach('Query');
  return [...byName].flatMap(([name, node]) => (reached.has(name) ? [node] : []));
}

/** Names of definitions and of references to them, not those of fields and arguments. */
function isTypeName(key: string | number | undefined, parent: unknown): boolean {
  const kind = (parent as { kind?: Kind } | undefined)?.kind;
  return key === 'name' && (kind === Kind.NAMED_TYPE || kind === Kind.INPUT_OBJECT_TYPE_DEFINITION);
}

function adaptObject(node: ObjectTypeDefinitionNode): ObjectTypeDefinitionNode {
  const name = node.name.value;
  const isEntity = name in entities;
  const fields = node.fields?.map((field) => adaptField(field, { nullable: isEntity || name === 'Query', root: name === 'Query' }));
  if (sharedTypes.has(name)) return { ...node, description: undefined, directives: [directive('@shareable')] };
  const documented = { ...node, fields, ...describe(isEntity ? undefined : outputTypeDocs(name)) };
  return isEntity ? { ...documented, directives: [directive('@key(fields: "id")')] } : documented;
}

function adaptField(field: FieldDefinitionNode, options: { nullable: boolean; root: boolean }): FieldDefinitionNode {
  const name = field.name.value;
  // A connection is described as the list of the same relationship is; only the latter's text is in the type definitions.
  const docs = options.root ? rootFieldDocs[name] : outputFieldDocs[name];
  return {
    ...field,
    ...describe(docs),
    type: options.nullable && name !== 'id' && field.type.kind === Kind.NON_NULL_TYPE ? field.type.type : field.type,
    arguments: field.arguments?.map((argument) => adaptArgument(argument, name)),
  };
}

function adaptArgument(argument: InputValueDefinitionNode, fieldName: string): InputValueDefinitionNode {
  const name = argument.name.value;
  return { ...argument, ...describe(argumentDocs[name]), ...defaultValue(defaultOf(name, fieldName)) };
}

function defaultOf(argumentName: string, fieldName: string): string | undefined {
  if (argumentName === 'limit' || argumentName === 'first') return String(DEFAULT_PAGE_SIZE);
  if (argumentName !== 'sort') return undefined;
  return connectionOrders[fieldName] ?? (fieldName.endsWith('Connection') ? '[{ node: { id: ASC } }]' : '[{ id: ASC }]');
}

function defaultValue(text: string | undefined): Pick<InputValueDefinitionNode, 'defaultValue'> | undefined {
  return text === undefined ? undefined : { defaultValue: parseConstValue(text) };
}

function describe(text: string | undefined): { description: StringValueNode } | undefined {
  return text === undefined ? undefined : { description: { kind: Kind.STRING, value: text, block: true } };
}

function directive(text: string): ConstDirectiveNode {
  const [definition] = parse(`type T ${text}`).definitions;
  const [node] = (definition as ObjectTypeDefinitionNode).directives ?? [];
  if (!node) throw new Error(`${text} is no directive.`);
  return node;
}
