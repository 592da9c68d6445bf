import {
  isEnumType,
  isInterfaceType,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ConstDirectiveNode,
  type DocumentNode,
  type GraphQLSchema,
} from 'graphql';

/** Where a field comes from. */
export interface FieldOwner {
  /** Its coordinate: `Product.reviews`. */
  readonly field: string;
  /** Subgraphs that resolve it; the plan says which of them is asked. */
  readonly subgraphs: readonly string[];
  /** Where those keep it; `unknown` where nobody says. */
  readonly stores: readonly string[] | 'unknown';
}

/** A tag that names the store of a field, or of all fields of a type: `@tag(name: "store:catalog")`. */
const STORE_TAG = 'store:';

/**
 * The owners of every field an operation selects, each field once, in the order of the operation; without introspection.
 * The subgraphs are those of the supergraph's `@join__field` and `@join__type`.
 */
export function fieldOwners(options: {
  readonly document: DocumentNode;
  readonly apiSchema: GraphQLSchema;
  /** With its join directives. */
  readonly supergraph: GraphQLSchema;
  /** By subgraph, for those that are known. */
  readonly storesOf: ReadonlyMap<string, readonly string[]>;
}): FieldOwner[] {
  const { supergraph, storesOf } = options;
  const names = subgraphNames(supergraph);
  return selectedFields(options.document, options.apiSchema).map(({ type, field }) => {
    const { typeDirectives, fieldDirectives } = directivesOf(supergraph, type, field);
    const subgraphs = resolvingGraphs(typeDirectives, fieldDirectives).map((graph) => names.get(graph) ?? graph);
    const tagged = [fieldDirectives, typeDirectives].map(storeTags).find((tags) => tags.length > 0);
    const stores = tagged ?? [...new Set(subgraphs.flatMap((subgraph) => storesOf.get(subgraph) ?? []))];
    return { field: `${type}.${field}`, subgraphs, stores: stores.length === 0 ? 'unknown' : stores };
  });
}

function selectedFields(document: DocumentNode, schema: GraphQLSchema): readonly { readonly type: string; readonly field: string }[] {
  const selected = new Map<string, { readonly type: string; readonly field: string }>();
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: ({ name }) => {
        const type = types.getParentType()?.name;
        if (type === undefined || type.startsWith('__') || name.value.startsWith('__')) return;
        selected.set(`${type}.${name.value}`, { type, field: name.value });
      },
    }),
  );
  return [...selected.values()];
}

function directivesOf(
  supergraph: GraphQLSchema,
  typeName: string,
  field: string,
): { readonly typeDirectives: readonly ConstDirectiveNode[]; readonly fieldDirectives: readonly ConstDirectiveNode[] } {
  const type = supergraph.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) return { typeDirectives: [], fieldDirectives: [] };
  return { typeDirectives: type.astNode?.directives ?? [], fieldDirectives: type.getFields()[field]?.astNode?.directives ?? [] };
}

/** A field without `@join__field` is one of every subgraph that has the type; one with it, of those that do not merely refer to it. */
function resolvingGraphs(typeDirectives: readonly ConstDirectiveNode[], fieldDirectives: readonly ConstDirectiveNode[]): readonly string[] {
  const named = (directives: readonly ConstDirectiveNode[], directive: string) => directives.filter(({ name }) => name.value === directive);
  const fields = named(fieldDirectives, 'join__field').filter((one) => argument(one, 'graph') !== undefined);
  const resolving = fields.filter((one) => argument(one, 'external') !== 'true' && argument(one, 'usedOverridden') !== 'true');
  const from = fields.length === 0 ? named(typeDirectives, 'join__type') : resolving;
  return [...new Set(from.flatMap((one) => argument(one, 'graph') ?? []))];
}

function storeTags(directives: readonly ConstDirectiveNode[]): readonly string[] {
  return directives.flatMap((directive) => {
    const tag = directive.name.value === 'tag' ? argument(directive, 'name') : undefined;
    return tag?.startsWith(STORE_TAG) ? [tag.slice(STORE_TAG.length)] : [];
  });
}

/** By the value of `join__Graph` that stands for them. */
function subgraphNames(supergraph: GraphQLSchema): ReadonlyMap<string, string> {
  const graphs = supergraph.getType('join__Graph');
  if (!isEnumType(graphs)) return new Map();
  return new Map(
    graphs.getValues().flatMap(({ name, astNode }) => {
      const graph = astNode?.directives?.find((directive) => directive.name.value === 'join__graph');
      const subgraph = graph === undefined ? undefined : argument(graph, 'name');
      return subgraph === undefined ? [] : [[name, subgraph] as const];
    }),
  );
}

function argument({ arguments: given }: ConstDirectiveNode, name: string): string | undefined {
  const value = given?.find((one) => one.name.value === name)?.value;
  if (value?.kind === Kind.BOOLEAN) return String(value.value);
  return value?.kind === Kind.STRING || value?.kind === Kind.ENUM ? value.value : undefined;
}
