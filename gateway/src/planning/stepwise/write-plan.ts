import {
  Kind,
  print,
  stripIgnoredCharacters,
  visit,
  type FieldNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { EntityBatch, FetchNode, PlanNode } from '../plan.js';
import { commonDemands, type Conjunction } from './conditions.js';
import type { FetchDraft } from './draft-place.js';

/** The plan of what was drafted: its stages one after another, one request to each subgraph in each. */
export function writePlan(drafts: readonly FetchDraft[], operation: OperationDefinitionNode): PlanNode | undefined {
  const byRequest = new Map<string, FetchDraft[]>();
  for (const draft of drafts.toSorted((one, other) => one.stage - other.stage)) {
    if (draft.selection.isEmpty) continue;
    const place = draft.entities === undefined ? JSON.stringify(draft.path) : 'entities';
    const request = `${draft.stage} ${draft.subgraph.name} ${place}`;
    byRequest.set(request, [...(byRequest.get(request) ?? []), draft]);
  }
  const stages = new Map<number, PlanNode[]>();
  for (const [first, ...others] of byRequest.values()) {
    if (first === undefined) continue;
    const fetch = first.entities === undefined ? rootFetch(first, operation) : entityFetch([first, ...others], operation);
    const demands = commonDemands([first, ...others].map(({ selection }) => selection.demands()));
    stages.set(first.stage, [...(stages.get(first.stage) ?? []), underDemands(demands, fetch)]);
  }
  const nodes = [...stages.values()].map((fetches): PlanNode => {
    const [only] = fetches;
    return fetches.length === 1 && only ? only : { kind: 'parallel', nodes: fetches };
  });
  return nodes.length > 1 ? { kind: 'sequence', nodes } : nodes[0];
}

/** A fetch that is not sent where everything in it is left out. */
function underDemands(demands: Conjunction, fetch: FetchNode): PlanNode {
  return demands.reduceRight<PlanNode>((node, demand) => {
    const isWanted = demand.startsWith('+');
    const [whenTrue, whenFalse] = isWanted ? [node, undefined] : [undefined, node];
    return { kind: 'condition', variable: demand.slice(1), whenTrue, whenFalse };
  }, fetch);
}

function rootFetch({ subgraph, selection, path, outputRewrites }: FetchDraft, operation: OperationDefinitionNode): FetchNode {
  const isTop = path.length === 0;
  const operationKind = isTop ? operation.operation : 'query';
  return {
    kind: 'fetch',
    subgraph: subgraph.name,
    ...written(selection.toSelectionSet(), { operation, operationKind, representations: [] }),
    operationName: undefined,
    operationKind,
    batches: undefined,
    ...(isTop ? {} : { mergeAt: path }),
    outputRewrites,
  };
}

/** Objects at several places that are told and asked alike are one batch. */
function entityFetch(drafts: readonly FetchDraft[], operation: OperationDefinitionNode): FetchNode {
  const batches = new Map<string, EntityBatch>();
  const fields: FieldNode[] = [];
  for (const { entities, selection, path, outputRewrites } of drafts) {
    if (entities === undefined) continue;
    const { type, requires, inputRewrites } = entities;
    const asked = onType(type, selection.toSelectionSet());
    const likeness = JSON.stringify([print(asked), requires, inputRewrites, outputRewrites]);
    const known = batches.get(likeness);
    if (known) {
      batches.set(likeness, { ...known, paths: [...known.paths, path] });
      continue;
    }
    const representationsVariable = `representations${batches.size}`;
    const alias = `_e${batches.size}`;
    batches.set(likeness, { alias, representationsVariable, paths: [path], requires, inputRewrites, outputRewrites });
    fields.push(entitiesField(alias, representationsVariable, asked));
  }
  const representations = [...batches.values()].map(({ representationsVariable }) => representationsVariable);
  return {
    kind: 'fetch',
    subgraph: drafts[0]!.subgraph.name, // one at least
    ...written({ kind: Kind.SELECTION_SET, selections: fields }, { operation, operationKind: 'query', representations }),
    operationName: undefined,
    operationKind: 'query',
    batches: [...batches.values()],
    outputRewrites: [],
  };
}

interface Writing {
  readonly operation: OperationDefinitionNode;
  readonly operationKind: FetchNode['operationKind'];
  readonly representations: readonly string[];
}

/** The text of a fetch, and which variables of the client it uses. */
function written(
  selectionSet: SelectionSetNode,
  { operation, operationKind, representations }: Writing,
): Pick<FetchNode, 'operation' | 'variables'> {
  const used = new Set<string>();
  visit(selectionSet, { Variable: ({ name }) => void used.add(name.value) });
  const definitions = operation.variableDefinitions?.filter(({ variable }) => used.has(variable.name.value)) ?? [];
  const document: OperationDefinitionNode = {
    kind: Kind.OPERATION_DEFINITION,
    // The texts are the same words as the kinds.
    operation: operationKind as OperationDefinitionNode['operation'],
    variableDefinitions: [...representations.map(representationsDefinition), ...definitions],
    selectionSet,
  };
  return {
    operation: stripIgnoredCharacters(print(document)),
    variables: definitions.map(({ variable }) => variable.name.value),
  };
}

function representationsDefinition(name: string): VariableDefinitionNode {
  const any = { kind: Kind.NAMED_TYPE, name: nameNode('_Any') } as const;
  const list = { kind: Kind.LIST_TYPE, type: { kind: Kind.NON_NULL_TYPE, type: any } } as const;
  return {
    kind: Kind.VARIABLE_DEFINITION,
    variable: { kind: Kind.VARIABLE, name: nameNode(name) },
    type: { kind: Kind.NON_NULL_TYPE, type: list },
  };
}

function entitiesField(alias: string, variable: string, asked: SelectionNode): FieldNode {
  return {
    kind: Kind.FIELD,
    alias: nameNode(alias),
    name: nameNode('_entities'),
    arguments: [{ kind: Kind.ARGUMENT, name: nameNode('representations'), value: { kind: Kind.VARIABLE, name: nameNode(variable) } }],
    selectionSet: { kind: Kind.SELECTION_SET, selections: [asked] },
  };
}

function onType(type: string, selectionSet: SelectionSetNode): SelectionNode {
  return { kind: Kind.INLINE_FRAGMENT, typeCondition: { kind: Kind.NAMED_TYPE, name: nameNode(type) }, selectionSet };
}

function nameNode(value: string) {
  return { kind: Kind.NAME, value } as const;
}
