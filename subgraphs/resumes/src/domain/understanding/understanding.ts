import type { Analysis } from './analyse.js';
import type { JsonResume } from './json-resume.js';
import type { Page } from './page.js';

export const understandingStates = ['queued', 'done', 'needs-ocr', 'failed'] as const;
export type UnderstandingState = (typeof understandingStates)[number];

/** Why a file could not be read. */
export type UnreadableReason = 'encrypted' | 'broken' | 'too-complex' | 'timeout';

/** A file whose content cannot be had; trying again would not help. */
export class Unreadable extends Error {
  readonly reason: UnreadableReason;

  constructor(reason: UnreadableReason, cause?: unknown) {
    super(`The file is ${reason}.`, { cause });
    this.name = 'Unreadable';
    this.reason = reason;
  }
}

/** What is kept of the look at a version. */
export interface Understanding {
  readonly versionId: string;
  readonly resumeId: string;
  readonly userId: string;
  readonly state: UnderstandingState;
  readonly reason: UnreadableReason | 'internal' | null;
  /** Which release of the rules found it. */
  readonly extractor: number;
  readonly text: string | null;
  readonly jsonResume: JsonResume | null;
  readonly analysis: Analysis | null;
  readonly updatedAt: Date;
}

/** Raised whenever the rules find something else in the same file. */
export const EXTRACTOR = 2;

/** Content of a file as its format gives it: text with places, or lines. */
export type RawContent =
  | { readonly kind: 'pages'; readonly pages: readonly Page[] }
  | { readonly kind: 'lines'; readonly lines: readonly string[] };

/** Takes files apart, away from whoever serves requests. */
export interface FileReader {
  /** @throws Unreadable */
  read(content: Uint8Array, contentType: string, signal: AbortSignal): Promise<RawContent>;
}
