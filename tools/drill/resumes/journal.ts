/** What is to become of a file. */
export type Expected = 'done' | 'broken';

/** An upload, as far as its user was told. */
export interface JournalUpload {
  /** Also the id of its version. */
  readonly id: string;
  readonly userId: string;
  readonly resumeId: string;
  readonly sha256: string;
  readonly sizeBytes: number;
  /** What is found in it once it is understood. */
  readonly expected: Expected;
  state: 'requested' | 'completed' | 'refused' | 'deleted';
}

export interface Answer {
  readonly state: string;
  readonly score: number | null;
  readonly reason: string | null;
}

/** A question that was put and acknowledged. */
export interface JournalSuggestion {
  readonly id: string;
  readonly userId: string;
  readonly upload: JournalUpload;
  /** The first answer anybody saw. */
  answer?: Answer;
  /** What its user was told was kept. */
  feedback?: { readonly isHelpful: boolean; readonly comment: string };
}

/** What the clients of the drill were told: the record must agree with it, whoever was killed meanwhile. */
export class Journal {
  readonly uploads: JournalUpload[] = [];
  readonly suggestions: JournalSuggestion[] = [];
  readonly deletedResumes = new Set<string>();
  readonly erasedUsers = new Set<string>();
  /** Outcomes that workers committed, by suggestion. */
  readonly outcomes = new Map<string, number>();
  /** Answers that were seen to change, and answers nobody foresaw. */
  readonly changed: string[] = [];
  readonly unexpected: string[] = [];

  /** Whether it was deleted, with its resume or with its user. */
  isGone({ state, resumeId, userId }: JournalUpload): boolean {
    return state === 'deleted' || this.deletedResumes.has(resumeId) || this.erasedUsers.has(userId);
  }

  countOutcome(suggestionId: string): void {
    this.outcomes.set(suggestionId, (this.outcomes.get(suggestionId) ?? 0) + 1);
  }

  /** Somebody read the suggestion: once it is answered, it says the same for ever. */
  saw(suggestion: JournalSuggestion, answer: Answer): void {
    if (answer.state === 'QUEUED') {
      if (suggestion.answer) this.changed.push(`suggestion ${suggestion.id} was ${suggestion.answer.state} and is queued again`);
      return;
    }
    if (suggestion.answer === undefined) suggestion.answer = answer;
    else if (JSON.stringify(suggestion.answer) !== JSON.stringify(answer))
      this.changed.push(`suggestion ${suggestion.id} was ${JSON.stringify(suggestion.answer)} and is ${JSON.stringify(answer)}`);
  }

  completed(): readonly JournalUpload[] {
    return this.uploads.filter(({ state }) => state === 'completed' || state === 'deleted');
  }
}
