import { DomainError } from '@loomgraph/core';

export class NotUnderstood extends DomainError {
  constructor(resumeId: string) {
    super(
      'BAD_USER_INPUT',
      `Resume ${resumeId} has no version that is understood: upload one, or ask again once the understanding of its newest version is DONE.`,
      { details: { resumeId } },
    );
  }
}
