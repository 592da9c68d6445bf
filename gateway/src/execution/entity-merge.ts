import { Kind, parse, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';
import type { Rewrite } from '../planning/plan.js';
import { fragmentsOf } from './answer/selected-fields.js';
import { evaluate, property } from './generated-code.js';
import type { JsonObject } from './json-object.js';
import { mergeComposite } from './merge.js';
import type { TypeConditions } from './type-conditions.js';

/** Merges an entity into an object that stands for it. See `mergeComposite` for `isShared`. */
export type MergeEntity = (target: JsonObject, entity: JsonObject, isShared: boolean) => void;

/** Merging specialised to what one batch selects: the keys are known, so no object is enumerated. */
export function compileEntityMerge(options: {
  readonly operation: string;
  readonly alias: string;
  readonly outputRewrites: readonly Rewrite[];
  readonly types: TypeConditions;
}): MergeEntity {
  const { operation, alias, outputRewrites, types } = options;
  const fields = fieldsOf(operation, alias);
  for (const rewrite of outputRewrites) {
    const [key, ...rest] = rewrite.path.filter((segment) => typeof segment === 'string');
    if (key === undefined || rest.length > 0) continue;
    if (rewrite.kind === 'rename') fields.set(rewrite.to, (fields.get(rewrite.to) ?? false) || (fields.get(key) ?? false));
    else fields.set(key, fields.get(key) ?? false);
  }
  const hasTypename = fields.delete('__typename');
  const merges = [...fields].map(([key, isComposite]) => {
    const present = `target${property(key)}`;
    const assign = isComposite
      ? `${present}=mergeComposite(${present},added,isShared);`
      : `if(added!==null||${present}===undefined)${present}=added;`;
    return `added=entity${property(key)};if(added!==undefined){${assign}}`;
  });
  const merge = `function mergeEntity(target,entity,isShared){let added;${hasTypename ? 'mergeTypename(target,entity);' : ''}${merges.join('')}}`;
  return evaluate<MergeEntity>(merge, {
    mergeComposite,
    mergeTypename: (target: JsonObject, entity: JsonObject) => mergeTypename(target, entity, types),
  });
}

/** A subgraph that knows only the interface answers its name; the name of a concrete type, once known, stays. */
function mergeTypename(target: JsonObject, entity: JsonObject, types: TypeConditions): void {
  const present = target['__typename'];
  const added = entity['__typename'];
  if (typeof added !== 'string' || added === present) return;
  if (typeof present !== 'string' || !types.isConcrete(present)) target['__typename'] = added;
}

/** Response keys selected of the entities under `alias`, and whether each has selections of its own. */
function fieldsOf(operation: string, alias: string): Map<string, boolean> {
  const fields = new Map<string, boolean>();
  const collect = (set: SelectionSetNode): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) collect(selection.selectionSet);
      else if (selection.kind === Kind.FRAGMENT_SPREAD) collect(fragments.get(selection.name.value)!.selectionSet);
      else {
        const key = (selection.alias ?? selection.name).value;
        fields.set(key, (fields.get(key) ?? false) || selection.selectionSet !== undefined);
      }
    }
  };
  const document = parse(operation, { noLocation: true });
  const fragments = fragmentsOf(document);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) eachEntityField(definition, alias, collect);
  }
  return fields;
}

function eachEntityField(operation: OperationDefinitionNode, alias: string, visit: (set: SelectionSetNode) => void): void {
  for (const selection of operation.selectionSet.selections) {
    if (selection.kind !== Kind.FIELD || selection.selectionSet === undefined) continue;
    if ((selection.alias ?? selection.name).value === alias) visit(selection.selectionSet);
  }
}
