import type { Clock, IdSource } from '@loomgraph/core';
import { VersionNotFound } from '../errors.js';
import type { ResumeUnitOfWork } from '../ports.js';
import { NotAnswered, SuggestionNotFound, TooManyQueued } from './errors.js';
import { jobTextOf } from './job-text.js';
import { suggestionLimits, type Suggestion, type SuggestionFeedback } from './suggestion.js';

export interface SuggestionRequest {
  readonly versionId: string;
  readonly jobTitle: string;
  readonly jobDescription: string;
  readonly locale: string;
}

/** Who may do what is decided before. */
export interface SuggestionManagement {
  /** Puts a question, which is answered by a task. @throws VersionNotFound, JobEmpty, JobTooLong, TooManyQueued */
  request(request: SuggestionRequest, userId: string): Promise<Suggestion>;
  /** Says whether it helped; saying it again takes the place of what was said. @throws SuggestionNotFound, NotAnswered */
  giveFeedback(feedback: Pick<SuggestionFeedback, 'suggestionId' | 'userId' | 'isHelpful' | 'comment'>): Promise<SuggestionFeedback>;
}

export function createSuggestionManagement(deps: {
  readonly unitOfWork: ResumeUnitOfWork;
  readonly clock: Clock;
  readonly ids: IdSource;
}): SuggestionManagement {
  const { unitOfWork, clock, ids } = deps;
  return {
    async request({ versionId, jobTitle, jobDescription, locale }, userId) {
      const { title, text } = jobTextOf(jobTitle, jobDescription);
      return unitOfWork.run(async (writer) => {
        await writer.assertNotErased(userId);
        const version = await writer.version(versionId);
        // Whoever deletes the version waits, or has deleted it.
        if (!version || !(await writer.lockResume(version.resumeId)) || !(await writer.version(versionId)))
          throw new VersionNotFound(versionId);
        if ((await writer.countQueued(userId)) >= suggestionLimits.queued) throw new TooManyQueued();
        const now = clock.now();
        const suggestion: Suggestion = {
          id: ids.next(),
          userId,
          ownerId: version.userId,
          resumeId: version.resumeId,
          versionId,
          jobTitle: title,
          locale,
          state: 'queued',
          reason: null,
          score: null,
          analyser: null,
          analyserVersion: null,
          createdAt: now,
          updatedAt: now,
        };
        await writer.insertSuggestion(suggestion, text);
        return suggestion;
      });
    },
    giveFeedback: ({ suggestionId, userId, isHelpful, comment }) =>
      unitOfWork.run(async (writer) => {
        await writer.assertNotErased(userId);
        const suggestion = await writer.lockSuggestion(suggestionId);
        if (!suggestion) throw new SuggestionNotFound(suggestionId);
        if (suggestion.state !== 'done') throw new NotAnswered(suggestionId);
        const now = clock.now();
        return writer.saveFeedback({ suggestionId, userId, isHelpful, comment, createdAt: now, updatedAt: now });
      }),
  };
}
