import { Kind, parse, print, visit, type DirectiveNode, type SelectionNode } from 'graphql';
import type { Random } from '../../../harness/random.ts';

const FRAGMENTS_DEFERRED = 0.4;
const SETS_SPLIT = 0.35;
/** Overlapping: a part of the selections stands in both. */
const KEPT_BELOW = 0.5;
const MOVED_ABOVE = 0.4;

const DEFER: DirectiveNode = { kind: Kind.DIRECTIVE, name: { kind: Kind.NAME, value: 'defer' } };

/** The same operation with `@defer` at some of its fragments, and with some of its selections in new deferred fragments. */
export function deferFragments(query: string, random: Random): string {
  const deferred = visit(parse(query, { noLocation: true }), {
    InlineFragment: (node) =>
      random.next() < FRAGMENTS_DEFERRED ? { ...node, directives: [...(node.directives ?? []), DEFER] } : undefined,
    FragmentSpread: (node) =>
      random.next() < FRAGMENTS_DEFERRED ? { ...node, directives: [...(node.directives ?? []), DEFER] } : undefined,
    SelectionSet: {
      leave(node) {
        if (random.next() > SETS_SPLIT) return undefined;
        const kept: SelectionNode[] = [];
        const moved: SelectionNode[] = [];
        for (const selection of node.selections) {
          const place = random.next();
          if (place < KEPT_BELOW) kept.push(selection);
          if (place > MOVED_ABOVE) moved.push(selection);
        }
        if (moved.length === 0) return undefined;
        const selectionSet = { kind: Kind.SELECTION_SET as const, selections: moved };
        return { ...node, selections: [...kept, { kind: Kind.INLINE_FRAGMENT as const, directives: [DEFER], selectionSet }] };
      },
    },
  });
  return print(deferred);
}
