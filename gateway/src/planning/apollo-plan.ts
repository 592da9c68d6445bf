import type {
  FetchDataKeyRenamer,
  FetchDataRewrite,
  FetchNode,
  PlanNode as ApolloNode,
  QueryPlan,
  QueryPlanSelectionNode,
  ResponsePath,
  SubscriptionNode,
} from '@apollo/query-planner';
import { withContextsBrought } from './context-order.js';
import { toControlNode } from './control-nodes.js';
import { toEntityFetch, toRootFetch } from './fetch-nodes.js';
import type { ContextValue, PlanNode, PlanPath, PlanPathSegment, Requirement, Rewrite } from './plan.js';
import { PlanningFailedError } from './planning-failed-error.js';

/** `name|[TypeA,TypeB]`: a response key and the types the object under it must have one of; either part may be missing. */
const CONDITIONED_SEGMENT = /^(.*)\|\[(.*)\]$/;
const TYPE_PREFIX = '... on ';
const PARENT = '..';

/**
 * A plan of `@apollo/query-planner` in our form; undefined when it holds no node.
 * A subscription becomes a sequence whose first fetch has the kind `subscription`. Throws `PlanningFailedError` for a node it does not know.
 */
export function fromApolloPlan(plan: QueryPlan): PlanNode | undefined {
  return plan.node && withContextsBrought(toNode(plan.node, []));
}

/** `path` is that of the flatten nodes around. */
function toNode(node: ApolloNode | SubscriptionNode, path: PlanPath): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
    case 'Condition':
      return toControlNode<ApolloNode>(node, (child) => toNode(child, path));
    case 'Flatten':
      return toNode(node.node, [...path, ...toPath(node.path)]);
    case 'Fetch':
      return toFetch(node, path);
    case 'Subscription': {
      const primary = toNode(node.primary, path);
      return node.rest ? { kind: 'sequence', nodes: [primary, toNode(node.rest, path)] } : primary;
    }
    default:
      throw new PlanningFailedError(`The plan has a node of the unknown kind "${node.kind}".`);
  }
}

function toFetch(node: FetchNode, path: PlanPath): PlanNode {
  const outputRewrites = (node.outputRewrites ?? []).map(toRewrite);
  const contexts = (node.contextRewrites ?? []).map(toContext);
  if (!node.requires) {
    if (contexts.length > 0) throw new PlanningFailedError(`The plan passes @fromContext values to root fields of "${node.serviceName}".`);
    return toRootFetch(node, path, outputRewrites);
  }
  const passed = new Set(contexts.map(({ variable }) => variable));
  const clients = node.variableUsages?.filter((name) => !passed.has(name));
  return toEntityFetch(
    { ...node, variableUsages: clients },
    {
      paths: [path],
      requires: node.requires.flatMap(toRequirements),
      inputRewrites: (node.inputRewrites ?? []).map(toRewrite),
      outputRewrites,
      ...(contexts.length === 0 ? {} : { contexts }),
    },
  );
}

/** A path that begins with one `..` for each field to go up. */
function toContext({ path, renameKeyTo }: FetchDataKeyRenamer): ContextValue {
  const levels = path.findIndex((segment) => segment !== PARENT);
  return { variable: renameKeyTo, levels, path: toRewritePath(path.slice(levels)) };
}

function toPath(path: ResponsePath): PlanPath {
  return path.flatMap((segment): PlanPathSegment[] => {
    const match = CONDITIONED_SEGMENT.exec(String(segment));
    if (!match) return [String(segment)];
    const [, key = '', types = ''] = match;
    const condition = { types: types.split(',').map((name) => name.trim()) };
    return key === '' ? [condition] : [key, condition];
  });
}

/** A fragment without a type condition is only a group, so one selection can be several requirements. */
function toRequirements(selection: QueryPlanSelectionNode): Requirement[] {
  if (selection.kind === 'InlineFragment') {
    const selections = selection.selections.flatMap(toRequirements);
    return selection.typeCondition === undefined ? selections : [{ kind: 'fragment', onType: selection.typeCondition, selections }];
  }
  const key = selection.alias ?? selection.name;
  return [
    {
      kind: 'field',
      readFrom: [key],
      writeTo: key,
      selections: selection.selections?.length ? selection.selections.flatMap(toRequirements) : undefined,
    },
  ];
}

function toRewritePath(path: readonly string[]): PlanPath {
  return path.map((segment) => (segment.startsWith(TYPE_PREFIX) ? { types: [segment.slice(TYPE_PREFIX.length)] } : segment));
}

function toRewrite(rewrite: FetchDataRewrite): Rewrite {
  const path = toRewritePath(rewrite.path);
  return rewrite.kind === 'KeyRenamer'
    ? { kind: 'rename', path, to: rewrite.renameKeyTo }
    : { kind: 'set', path, value: rewrite.setValueTo };
}
