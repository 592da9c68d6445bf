import { assertNever } from '@loomgraph/core';
import type { PlanNode } from './plan.js';

/** What both planners call alike: the nodes that order others. Absent clauses come as undefined or null. */
export type ForeignControl<Node> =
  | { readonly kind: 'Sequence' | 'Parallel'; readonly nodes: readonly Node[] }
  | {
      readonly kind: 'Condition';
      readonly condition: string;
      readonly ifClause?: Node | null | undefined;
      readonly elseClause?: Node | null | undefined;
    };

/** Such a node in our form, with its children as `convert` makes them. */
export function toControlNode<Node>(node: ForeignControl<Node>, convert: (child: Node) => PlanNode): PlanNode {
  switch (node.kind) {
    case 'Sequence':
      return { kind: 'sequence', nodes: node.nodes.map(convert) };
    case 'Parallel':
      return { kind: 'parallel', nodes: node.nodes.map(convert) };
    case 'Condition':
      return {
        kind: 'condition',
        variable: node.condition,
        whenTrue: node.ifClause ? convert(node.ifClause) : undefined,
        whenFalse: node.elseClause ? convert(node.elseClause) : undefined,
      };
    default:
      return assertNever(node);
  }
}
