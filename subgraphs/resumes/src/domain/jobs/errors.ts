import { DomainError } from '@loomgraph/core';

export class JobNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no job ${id}, or it is not published.`, { details: { jobId: id } });
  }
}

export class JobConflict extends DomainError {
  constructor(id: string, expected: number, actual: number) {
    super('CONFLICT', `Job ${id} is at revision ${actual}, not ${expected}: read it again and repeat the change.`, {
      details: { jobId: id, expectedRevision: expected, revision: actual },
    });
  }
}

/** A field of a job that says what it cannot. */
export class JobInvalid extends DomainError {
  constructor(at: string, problem: string) {
    super('BAD_USER_INPUT', `${at} ${problem}.`, { details: { at } });
  }
}
