import type {
  FetchNodePathSegment,
  FetchRewrite,
  FlattenNodePathSegment,
  PlanNode as HiveNode,
  QueryPlan,
  RequiresSelection,
} from '@graphql-hive/router-query-planner';
import { toControlNode } from './control-nodes.js';
import { toBatchFetch, toEntityFetch, toRootFetch } from './fetch-nodes.js';
import type { PlanNode, PlanPath, PlanPathSegment, Requirement, Rewrite } from './plan.js';
import { PlanningFailedError } from './planning-failed-error.js';

/**
 * A plan of `@graphql-hive/router-query-planner` in our form; undefined when it holds no node.
 * A subscription becomes a sequence whose first fetch has the kind `subscription`. Throws `PlanningFailedError` for a node it does not know.
 */
export function fromHivePlan(plan: QueryPlan): PlanNode | undefined {
  return plan.node ? toNode(plan.node, []) : undefined;
}

/** `path` is that of the flatten nodes around. */
function toNode(node: HiveNode, path: PlanPath): PlanNode {
  switch (node.kind) {
    case 'Sequence':
    case 'Parallel':
    case 'Condition':
      return toControlNode<HiveNode>(node, (child) => toNode(child, path));
    case 'Flatten':
      return toNode(node.node, [...path, ...node.path.map(toPathSegment)]);
    case 'Fetch':
      // A root fetch may carry input rewrites too; without representations there is nothing they could change.
      return node.requires
        ? toEntityFetch(node, {
            paths: [path],
            requires: node.requires.map(toRequirement),
            inputRewrites: (node.inputRewrites ?? []).map(toRewrite),
            outputRewrites: (node.outputRewrites ?? []).map(toRewrite),
          })
        : toRootFetch(node, path, (node.outputRewrites ?? []).map(toRewrite));
    case 'BatchFetch':
      return toBatchFetch(
        node,
        node.entityBatch.aliases.map((batch) => ({
          alias: batch.alias,
          representationsVariable: batch.representationsVariableName,
          paths: batch.paths.map((batchPath) => batchPath.map(toPathSegment)),
          requires: batch.requires.map(toRequirement),
          inputRewrites: (batch.inputRewrites ?? []).map(toRewrite),
          outputRewrites: (batch.outputRewrites ?? []).map(toRewrite),
        })),
      );
    case 'Subscription':
      return toNode(node.primary, path);
    default:
      throw new PlanningFailedError(`The plan has a node of the unknown kind "${node.kind}".`);
  }
}

function toPathSegment(segment: FlattenNodePathSegment): PlanPathSegment {
  if (segment === '@') return segment;
  return 'Field' in segment ? segment.Field : { types: segment.TypeCondition };
}

function toRequirement(selection: RequiresSelection): Requirement {
  switch (selection.kind) {
    case 'Field':
      return {
        kind: 'field',
        // The planner may have fetched the field under a name of its own, as what the client asks under the field's name can differ.
        readFrom: [selection.name],
        writeTo: selection.alias ?? selection.name,
        selections: selection.selections?.length ? selection.selections.map(toRequirement) : undefined,
      };
    case 'InlineFragment':
      // `skipIf` and `includeIf` say that the fields may not have been fetched; fields that are not there are left out in any case.
      return { kind: 'fragment', onType: selection.typeCondition, selections: selection.selections.map(toRequirement) };
    default:
      throw new PlanningFailedError(`The plan requires a selection of the unknown kind "${selection.kind}".`);
  }
}

function toRewrite(rewrite: FetchRewrite): Rewrite {
  if ('KeyRenamer' in rewrite)
    return { kind: 'rename', path: rewrite.KeyRenamer.path.map(toRewriteSegment), to: rewrite.KeyRenamer.renameKeyTo };
  const setter = 'ValueSetter' in rewrite ? rewrite.ValueSetter : rewrite;
  return { kind: 'set', path: setter.path.map(toRewriteSegment), value: setter.setValueTo };
}

function toRewriteSegment(segment: FetchNodePathSegment): PlanPathSegment {
  return 'Key' in segment ? segment.Key : { types: segment.TypenameEquals };
}
