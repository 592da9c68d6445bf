/** A subgraph whose sync engine could not be asked. */
export interface Unreachable {
  readonly subgraph: string;
  readonly code: string;
  readonly message: string;
}

/** A line for each. */
export const nameAway = (unreachable: readonly Unreachable[]): string[] =>
  unreachable.map(({ subgraph, code, message }) => `${subgraph}: ${code}: ${message}`);
