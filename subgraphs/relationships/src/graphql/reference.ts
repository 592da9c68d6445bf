import { MAX_PAGE_SIZE } from '@loomgraph/core';
import DataLoader from 'dataloader';
import { getNamedType, Kind, type FieldNode, type GraphQLFieldResolver, type GraphQLResolveInfo } from 'graphql';
import type { NodeLoader, RelationshipsContext } from './context.js';
import { withPageLimits } from './page-limits.js';

/** The alias under which the id is selected besides whatever the operation selects. */
const ID_ALIAS = '_referenceId';

interface ReferenceOptions {
  readonly typeName: string;
  readonly rootField: string;
  /** The library's resolver of the root field. */
  readonly list: GraphQLFieldResolver<unknown, RelationshipsContext>;
}

/**
 * Resolves representations by key, one statement per type and hundred of them: the fetch is handed to the library as if the root
 * field had been asked for these ids. A node the graph does not have is null.
 */
export function createReferenceResolver(options: ReferenceOptions) {
  return ({ id }: { id?: unknown }, context: RelationshipsContext, info: GraphQLResolveInfo) =>
    typeof id === 'string' || typeof id === 'number' ? loaderOf(options, context, info).load(String(id)) : null;
}

function loaderOf(options: ReferenceOptions, context: RelationshipsContext, info: GraphQLResolveInfo): NodeLoader {
  const byType = context.loaders.get(info.fieldNodes) ?? new Map<string, NodeLoader>();
  context.loaders.set(info.fieldNodes, byType);
  const known = byType.get(options.typeName);
  if (known) return known;
  const list = withPageLimits(options.list);
  const loader: NodeLoader = new DataLoader(
    async (ids) => {
      const nodes = (await list(
        undefined,
        { where: { id: { in: [...ids] } }, limit: ids.length },
        context,
        asRootField(options, info),
      )) as Record<string, unknown>[];
      const byId = new Map(nodes.map((node) => [node[ID_ALIAS], node]));
      return ids.map((id) => byId.get(id) ?? null);
    },
    { maxBatchSize: MAX_PAGE_SIZE },
  );
  byType.set(options.typeName, loader);
  return loader;
}

/** `_entities(...) { selection }` as `<rootField> { selection, id }`. */
function asRootField({ typeName, rootField }: ReferenceOptions, info: GraphQLResolveInfo): GraphQLResolveInfo {
  const queryType = info.parentType;
  const field = queryType.getFields()[rootField];
  if (!field || getNamedType(field.type).name !== typeName) throw new Error(`${rootField} does not list ${typeName}.`);
  const selections = info.fieldNodes.flatMap((node) => node.selectionSet?.selections ?? []);
  const id: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: 'id' }, alias: { kind: Kind.NAME, value: ID_ALIAS } };
  const fieldNode: FieldNode = {
    kind: Kind.FIELD,
    name: { kind: Kind.NAME, value: rootField },
    selectionSet: { kind: Kind.SELECTION_SET, selections: [...selections, id] },
  };
  return { ...info, fieldName: rootField, fieldNodes: [fieldNode], returnType: field.type };
}
