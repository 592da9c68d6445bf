import { LoomError } from '@loomgraph/core';
import {
  Kind,
  parse,
  print,
  visit,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type VariableDefinitionNode,
} from 'graphql';
import type { FetchNode, PlanNode, Requirement } from '../planning/plan.js';
import { topicRuleOf, type TopicRule } from './topic-rule.js';

/** Where the events of a subscription come from. */
export type LiveSource =
  | {
      /** The subgraph's own subscription; each event is the answer to `fetch`. */
      readonly kind: 'subgraph';
      readonly fetch: FetchNode;
    }
  | {
      /** A topic of the bus; each event names an entity, which is put under `responseKey`. */
      readonly kind: 'topic';
      readonly rule: TopicRule;
      /** Of the field, by the names the plan has for variables. */
      readonly field: FieldNode;
      readonly responseKey: string;
    };

/** The plan of a subscription: what runs for each event, and what the events are. */
export interface LivePlan {
  readonly node: PlanNode;
  readonly source: LiveSource;
}

/** Asked beside what the client selects: not there, there is no entity. */
export const PRESENCE_KEY = '_live_typename';

const REPRESENTATIONS = 'representations';
const ENTITIES = '_entities';

/**
 * What becomes of a plan that begins with a subscription's fetch; undefined for every other plan. Of a field with a topic, that fetch asks for the
 * entity which an event names.
 * @throws LoomError CONFIG_INVALID for a field whose `@subscriptionTopic` does not fit
 */
export function toLivePlan(node: PlanNode, supergraph: GraphQLSchema): LivePlan | undefined {
  const fetch = subscriptionFetch(node);
  if (fetch === undefined) return undefined;
  const document = parse(fetch.operation, { noLocation: true });
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  const field = operation?.selectionSet.selections.find((one) => one.kind === Kind.FIELD);
  if (operation === undefined || field === undefined) throw new LoomError('INTERNAL_SERVER_ERROR', 'The plan subscribes to no field.');
  const rule = topicRuleOf(supergraph, field.name.value);
  if (rule === undefined) return { node, source: { kind: 'subgraph', fetch } };
  const responseKey = (field.alias ?? field.name).value;
  const entityFetch = toEntityFetch({ fetch, document, operation, selectionSet: field.selectionSet!, rule, responseKey }); // of an object
  return { node: replaced(node, fetch, entityFetch), source: { kind: 'topic', rule, field, responseKey } };
}

/** The fetch of a subscription comes first, whichever planner planned it. */
function subscriptionFetch(node: PlanNode): FetchNode | undefined {
  if (node.kind === 'fetch') return node.operationKind === 'subscription' ? node : undefined;
  if (node.kind === 'condition') return undefined;
  const [first] = node.nodes;
  return first && subscriptionFetch(first);
}

function replaced(node: PlanNode, old: FetchNode, fresh: FetchNode): PlanNode {
  if (node === old) return fresh;
  return node.kind === 'sequence' || node.kind === 'parallel'
    ? { ...node, nodes: node.nodes.map((child) => replaced(child, old, fresh)) }
    : node;
}

function toEntityFetch(options: {
  readonly fetch: FetchNode;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly selectionSet: SelectionSetNode;
  readonly rule: TopicRule;
  readonly responseKey: string;
}): FetchNode {
  const { fetch, document, operation, selectionSet, rule, responseKey } = options;
  const fragments = document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION);
  const used = new Set([selectionSet, ...fragments].flatMap(variablesIn));
  const definitions = (operation.variableDefinitions ?? []).filter(({ variable }) => used.has(variable.name.value));
  const asked: OperationDefinitionNode = {
    ...operation,
    operation: 'query' as OperationDefinitionNode['operation'], // the enum's own value
    variableDefinitions: [REPRESENTATIONS_DEFINITION, ...definitions],
    selectionSet: setOf([
      {
        ...fieldOf(ENTITIES),
        arguments: [{ kind: Kind.ARGUMENT, name: nameOf(REPRESENTATIONS), value: { kind: Kind.VARIABLE, name: nameOf(REPRESENTATIONS) } }],
        selectionSet: setOf([
          {
            kind: Kind.INLINE_FRAGMENT,
            typeCondition: { kind: Kind.NAMED_TYPE, name: nameOf(rule.entity) },
            selectionSet: setOf([{ ...fieldOf('__typename'), alias: nameOf(PRESENCE_KEY) }, ...selectionSet.selections]),
          },
        ]),
      },
    ]),
  };
  const told = ['__typename', ...rule.key.map(({ name }) => name)].map((name): Requirement => ({
    kind: 'field',
    readFrom: [name],
    writeTo: name,
    selections: undefined,
  }));
  return {
    ...fetch,
    operation: print({ kind: Kind.DOCUMENT, definitions: [asked, ...fragments] }),
    operationKind: 'query',
    variables: fetch.variables.filter((name) => used.has(name)),
    outputRewrites: [],
    batches: [
      {
        alias: ENTITIES,
        representationsVariable: REPRESENTATIONS,
        paths: [[responseKey]],
        requires: [{ kind: 'fragment', onType: rule.entity, selections: told }],
        inputRewrites: [],
        // Those of a root fetch begin at its field.
        outputRewrites: fetch.outputRewrites.map((rewrite) => ({ ...rewrite, path: rewrite.path.slice(1) })),
      },
    ],
  };
}

const nameOf = (value: string) => ({ kind: Kind.NAME, value }) as const;
const fieldOf = (name: string): FieldNode => ({ kind: Kind.FIELD, name: nameOf(name) });
const setOf = (selections: SelectionSetNode['selections']): SelectionSetNode => ({ kind: Kind.SELECTION_SET, selections });

/** `$representations: [_Any!]!` */
const REPRESENTATIONS_DEFINITION: VariableDefinitionNode = {
  kind: Kind.VARIABLE_DEFINITION,
  variable: { kind: Kind.VARIABLE, name: nameOf(REPRESENTATIONS) },
  type: {
    kind: Kind.NON_NULL_TYPE,
    type: {
      kind: Kind.LIST_TYPE,
      type: { kind: Kind.NON_NULL_TYPE, type: { kind: Kind.NAMED_TYPE, name: nameOf('_Any') } },
    },
  },
};

function variablesIn(node: Parameters<typeof visit>[0]): readonly string[] {
  const names: string[] = [];
  visit(node, { Variable: ({ name }) => void names.push(name.value) });
  return names;
}
