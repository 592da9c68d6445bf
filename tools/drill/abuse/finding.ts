/** Undefined: as it has to be. Otherwise what happened instead, in words for the report. */
export type Finding = string | undefined;

/** How the product runs: all in one process, or with subgraphs in processes of their own. */
export type Topology = 'one process' | 'apart';
