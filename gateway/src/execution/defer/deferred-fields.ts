import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  Kind,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { deferSetOf, FIRST_PART, groupBySet, isSameSet, type DeferSet } from './defer-sets.js';
import type { DeferUsage, ExpandedOperation } from './defer-usages.js';

/** What the answer holds under one response key of an object, and which part of the answer brings it. */
export interface DeferredField {
  readonly key: string;
  readonly name: string;
  readonly set: DeferSet;
  readonly places: readonly { readonly node: FieldNode; readonly usage: DeferUsage | undefined }[];
}

/** The fields of one object. */
export interface ObjectFields {
  /** In the part of the answer that brings the object. */
  readonly own: readonly DeferredField[];
  /** In later parts, by the deferred fragments that bring them. */
  readonly later: readonly { readonly set: DeferSet; readonly entries: readonly DeferredField[] }[];
  /** Deferred fragments that begin at this object. */
  readonly usages: readonly DeferUsage[];
}

/** Collects the fields of objects for one request. */
export interface FieldCollector {
  root(type: GraphQLObjectType): ObjectFields;
  below(field: DeferredField, type: GraphQLObjectType): ObjectFields;
}

interface Place {
  readonly set: SelectionSetNode;
  readonly usage: DeferUsage | undefined;
}

/** CollectFields of the specification with the usages of `@defer`; once for all objects of one type below one field. */
export function createFieldCollector(options: {
  readonly schema: GraphQLSchema;
  readonly expanded: ExpandedOperation;
  readonly variables: Readonly<Record<string, unknown>>;
}): FieldCollector {
  const { schema, expanded, variables } = options;
  const known = new WeakMap<DeferredField, Map<GraphQLObjectType, ObjectFields>>();

  const isIncluded = (node: SelectionNode): boolean =>
    (node.directives?.length ?? 0) === 0 ||
    (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] !== true &&
      getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false);

  const fits = (type: GraphQLObjectType, onType: string | undefined): boolean => {
    if (onType === undefined || onType === type.name) return true;
    const condition = schema.getType(onType);
    return isAbstractType(condition) && schema.isSubType(condition, type);
  };

  const collect = (places: readonly Place[], type: GraphQLObjectType, around: DeferSet): ObjectFields => {
    const fields = new Map<string, { readonly node: FieldNode; readonly usage: DeferUsage | undefined }[]>();
    const usages: DeferUsage[] = [];
    const visit = (set: SelectionSetNode, usage: DeferUsage | undefined): void => {
      for (const selection of set.selections) {
        if (!isIncluded(selection)) continue;
        if (selection.kind === Kind.FIELD) {
          const key = (selection.alias ?? selection.name).value;
          const known = fields.get(key);
          if (known === undefined) fields.set(key, [{ node: selection, usage }]);
          else known.push({ node: selection, usage });
        } else if (selection.kind === Kind.INLINE_FRAGMENT && fits(type, selection.typeCondition?.name.value)) {
          const own = expanded.usageOf(selection);
          if (own !== undefined) usages.push(own);
          visit(selection.selectionSet, own ?? usage);
        }
      }
    };
    for (const { set, usage } of places) visit(set, usage);
    const all = [...fields].map(([key, at]): DeferredField => {
      return { key, name: at[0]!.node.name.value, set: deferSetOf(at.map(({ usage }) => usage)), places: at };
    });
    const later = all.filter(({ set }) => !isSameSet(set, around));
    return {
      own: later.length === 0 ? all : all.filter(({ set }) => isSameSet(set, around)),
      later: groupBySet(later.map((field) => [field.set, field] as const)),
      usages,
    };
  };

  return {
    root: (type) => collect([{ set: expanded.operation.selectionSet, usage: undefined }], type, FIRST_PART),
    below(field, type) {
      let byType = known.get(field);
      if (byType === undefined) known.set(field, (byType = new Map()));
      let fields = byType.get(type);
      if (fields === undefined) {
        const places = field.places.flatMap(({ node, usage }) =>
          node.selectionSet === undefined ? [] : [{ set: node.selectionSet, usage }],
        );
        byType.set(type, (fields = collect(places, type, field.set)));
      }
      return fields;
    },
  };
}
