import { createFileReader, createUnderstand, cutWords, type Understand } from '@loomgraph/subgraph-resumes';

/** Nothing that is measured is given up. */
export const NEVER = new AbortController().signal;

/** As the subgraph has it. */
export const openUnderstand = (): Understand => createUnderstand({ reader: createFileReader(), cut: cutWords, now: () => new Date() });

/** The text that is understood. @throws Error where there is none */
export async function textOf(
  understand: Understand,
  file: { readonly content: Uint8Array; readonly contentType: string },
): Promise<string> {
  const understood = await understand(file, NEVER);
  if (understood.kind !== 'done') throw new Error(`A file of the bench is said to be ${understood.kind}.`);
  return understood.text;
}
