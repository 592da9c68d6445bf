import type {
  FetchDataRewrite,
  PlanNode as ApolloNode,
  QueryPlan,
  QueryPlanSelectionNode,
  ResponsePath,
  SubscriptionNode,
} from '@apollo/query-planner';
import { toEntityFetch, toRootFetch } from './fetch-nodes.js';
import type { PlanNode, PlanPath, PlanPathSegment, Requirement, Rewrite } from './plan.js';
import { PlanningFailedError } from './planning-failed-error.js';

/** `name|[TypeA,TypeB]`: a response key and the types the object under it must have one of; either part may be missing. */
const CONDITIONED_SEGMENT = /^(.*)\|\[(.*)\]$/;
const TYPE_PREFIX = '... on ';

/**
 * A plan of `@apollo/query-planner` in our form; undefined when it holds no node.
 * A subscription becomes a sequence whose first fetch has the kind `subscription`. Throws `PlanningFailedError` for a node it does not know.
 */
export function fromApolloPlan(plan: QueryPlan): PlanNode | undefined {
  return plan.node && toNode(plan.node, []);
}

/** `path` is that of the flatten nodes around. */
function toNode(node: ApolloNode | SubscriptionNode, path: PlanPath): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map((child) => toNode(child, path)) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map((child) => toNode(child, path)) };
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        whenTrue: node.ifClause && toNode(node.ifClause, path),
        whenFalse: node.elseClause && toNode(node.elseClause, path),
      };
    case 'Flatten':
      return toNode(node.node, [...path, ...toPath(node.path)]);
    case 'Fetch':
      if (node.contextRewrites?.length) throw new PlanningFailedError(`The plan passes @fromContext values to "${node.serviceName}".`);
      return node.requires
        ? toEntityFetch(node, {
            paths: [path],
            requires: node.requires.flatMap(toRequirements),
            inputRewrites: (node.inputRewrites ?? []).map(toRewrite),
            outputRewrites: (node.outputRewrites ?? []).map(toRewrite),
          })
        : toRootFetch(node, path, (node.outputRewrites ?? []).map(toRewrite));
    case 'Subscription': {
      const primary = toNode(node.primary, path);
      return node.rest ? { kind: 'sequence', nodes: [primary, toNode(node.rest, path)] } : primary;
    }
    default:
      throw new PlanningFailedError(`The plan has a node of the unknown kind "${node.kind}".`);
  }
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

function toRewrite(rewrite: FetchDataRewrite): Rewrite {
  const path = rewrite.path.map((segment) => (segment.startsWith(TYPE_PREFIX) ? { types: [segment.slice(TYPE_PREFIX.length)] } : segment));
  return rewrite.kind === 'KeyRenamer'
    ? { kind: 'rename', path, to: rewrite.renameKeyTo }
    : { kind: 'set', path, value: rewrite.setValueTo };
}
