/** A part of a resume: lines, of which one may have a date at its right edge. */
export interface ResumeBlock {
  readonly heading: string | null;
  readonly lines: readonly (string | readonly [left: string, right: string])[];
}
