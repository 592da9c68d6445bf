import type { Identity } from '@loomgraph/auth';

/** `lenient`: what is not known is executed, and counted. `strict`: it is refused. */
export const trustModes = ['off', 'lenient', 'strict'] as const;
export type TrustMode = (typeof trustModes)[number];

/**
 * The documents an installation knows beforehand.
 *
 * 1. `find` answers the text of an id, and of the SHA-256 of a text in hexadecimal digits, with or without `sha256:` before it.
 * 2. `isKnown` compares texts as they are: a blank more is another document.
 * 3. What a file newly holds counts from one request to the next; a file that cannot be used leaves what was known.
 */
export interface TrustedDocuments {
  readonly mode: Exclude<TrustMode, 'off'>;
  find(id: string): string | undefined;
  isKnown(text: string): boolean;
  /** Whether a caller may have anything executed in `strict` mode. */
  isExempt(identity: Identity | null): boolean;
}
