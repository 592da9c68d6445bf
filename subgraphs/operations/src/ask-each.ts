import { LoomError } from '@loomgraph/core';

/** A subgraph that could not be asked. */
export interface Unreachable {
  readonly subgraph: string;
  readonly code: string;
  /** What to do about it. */
  readonly message: string;
}

export interface Answers<Answer> {
  readonly answers: readonly { readonly subgraph: string; readonly answer: Answer }[];
  readonly unreachable: readonly Unreachable[];
}

/** What the caller can do something about, whichever database is away. */
const REFUSALS: ReadonlySet<string> = new Set(['BAD_USER_INPUT', 'INVALID_CURSOR']);

/**
 * Asks many subgraphs at once: one whose database is away does not hide the others.
 * @throws LoomError BAD_USER_INPUT, INVALID_CURSOR when one of them refuses what is asked
 */
export async function askEach<Answer>(subgraphs: readonly string[], ask: (subgraph: string) => Promise<Answer>): Promise<Answers<Answer>> {
  const unreachable: Unreachable[] = [];
  const answers = await Promise.all(
    subgraphs.map(async (subgraph) => {
      try {
        return [{ subgraph, answer: await ask(subgraph) }];
      } catch (error) {
        if (error instanceof LoomError && REFUSALS.has(error.code)) throw error;
        unreachable.push(toUnreachable(subgraph, error));
        return [];
      }
    }),
  );
  return { answers: answers.flat(), unreachable: unreachable.toSorted((a, b) => (a.subgraph < b.subgraph ? -1 : 1)) };
}

function toUnreachable(subgraph: string, error: unknown): Unreachable {
  return {
    subgraph,
    code: error instanceof LoomError ? error.code : 'STORE_UNAVAILABLE',
    message: `The database of "${subgraph}" could not be asked; see that it is up and that the subgraph was started once.`,
  };
}
