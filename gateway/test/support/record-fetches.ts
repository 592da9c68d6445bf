import type { TraceRequest } from '../../src/execution/request-watch.js';

export interface SentFetch {
  readonly subgraph: string;
  readonly text: string;
}

/** Keeps every fetch an engine sends. */
export function recordFetches(): { readonly trace: TraceRequest; readonly sent: SentFetch[] } {
  const sent: SentFetch[] = [];
  const nothing = (): void => undefined;
  return {
    sent,
    trace: (caller) => ({
      caller,
      end: nothing,
      watch: {
        found: nothing,
        begin: () => nothing,
        fetch({ node, caller: asked }) {
          sent.push({ subgraph: node.subgraph, text: node.operation });
          return { caller: asked, end: nothing };
        },
      },
    }),
  };
}
