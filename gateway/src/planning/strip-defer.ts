import { visit, type DocumentNode } from 'graphql';

/** The same document with every `@defer` taken off, so that it is answered whole. What a deferred fragment selects stays. */
export function stripDefer(document: DocumentNode): DocumentNode {
  return visit(document, { Directive: (directive) => (directive.name.value === 'defer' ? null : undefined) });
}
