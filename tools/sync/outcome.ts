/** What a command has to say, for people and for programs, and whether all is well: what is not makes it exit with 1. */
export interface Outcome {
  readonly text: string;
  readonly json: unknown;
  readonly isWell: boolean;
}
