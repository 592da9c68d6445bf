import { DomainError } from '@loomgraph/core';
import { suggestionLimits } from './suggestion.js';

export class SuggestionNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no suggestion ${id}, or it is not yours.`, { details: { suggestionId: id } });
  }
}

export class JobTooLong extends DomainError {
  constructor(bytes: number) {
    const limit = suggestionLimits.jobBytes;
    super('JOB_TOO_LONG', `The job has ${bytes} bytes of text, and ${limit} are read at most: leave out what it does not ask for.`, {
      details: { bytes, limit },
    });
  }
}

export class JobEmpty extends DomainError {
  constructor(what: string) {
    super('BAD_USER_INPUT', `${what} has no text: give what the job's notice says.`, { details: { at: what } });
  }
}

export class TooManyQueued extends DomainError {
  constructor() {
    const limit = suggestionLimits.queued;
    super('BAD_USER_INPUT', `${limit} suggestions of yours are waiting: ask again once some of them are answered.`, { details: { limit } });
  }
}

export class NotAnswered extends DomainError {
  constructor(id: string) {
    super('BAD_USER_INPUT', `Suggestion ${id} has no answer, so nothing can be said of it.`, { details: { suggestionId: id } });
  }
}
