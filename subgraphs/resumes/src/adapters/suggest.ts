import { LoomError, type Clock } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import { exponential, type Task, type TaskAgain, type TaskHandler } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { EntityManager } from '@mikro-orm/sql';
import { NothingAsked, type SuggestionAnalyser } from '../domain/suggestions/suggestion-analyser.js';
import type { Suggestion, SuggestionFailure } from '../domain/suggestions/suggestion.js';
import type { Understanding } from '../domain/understanding/understanding.js';
import { SuggestionEntity } from '../store/entities.js';
import { readContents, saveAnswer, type Answer } from '../store/suggestions.js';
import { isUnderstood, readUnderstandings } from '../store/understandings.js';

/** Whoever understands a version wakes what waits for it; this is for a question that was written at the same moment. */
const LOOK_AGAIN_MS = 30_000;
/** From the question on; a version that takes longer is not going to be understood. */
const LONGEST_WAIT_MS = 3_600_000;

/** How often a provider is asked that gives no answer, and how long is waited in between where it does not say. */
const PROVIDER_TRIES = 5;
const providerWaitMs = exponential(5_000, 300_000);
/** It may ask to wait longer: then it is asked earlier than that, and may well refuse. */
const LONGEST_PROVIDER_WAIT_MS = 900_000;

type Outcome = Pick<Answer, 'state' | 'reason' | 'score' | 'analyser' | 'analyserVersion' | 'assessment'>;
const failed = (reason: SuggestionFailure): Outcome => ({
  state: 'failed',
  reason,
  score: null,
  analyser: null,
  analyserVersion: null,
  assessment: null,
});

const isAway = (error: unknown): error is LoomError => error instanceof LoomError && error.code === 'AI_PROVIDER_UNAVAILABLE';

const reasonOf = (error: unknown): SuggestionFailure =>
  error instanceof LoomError && (error.code === 'AI_PROVIDER_UNAVAILABLE' || error.code === 'AI_PROVIDER_REJECTED')
    ? 'provider'
    : 'internal';

/** How often the provider of a question gave no answer. */
const triesOf = ({ payload }: Task): number => (payload as { tries?: number } | null)?.tries ?? 0; // as this handler wrote it

/**
 * Answers a question about a version, once that was understood. The answer and the end of the task are one transaction: a process that is killed
 * meanwhile leaves the task for another, and nothing is answered twice. What cannot be answered is a failure that says why, never a score.
 *
 * A provider that is away is asked again here, and not by the runner, which would do so for ever.
 */
export function suggest(deps: {
  readonly store: RelationalStore;
  readonly analyser: SuggestionAnalyser;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): TaskHandler {
  const { store, analyser, clock, logger, metrics } = deps;
  const outcomes = metrics.counter('resumes_suggestions_total', 'Suggestions that were answered, by outcome.', ['outcome']);
  const write = async (em: EntityManager, id: string, outcome: Outcome): Promise<void> => {
    // Deleted meanwhile: the answer is nobody's.
    if (await saveAnswer(em, id, { ...outcome, updatedAt: clock.now() })) outcomes.inc({ outcome: outcome.reason ?? outcome.state });
  };

  /** Undefined while the version is still to be understood. */
  const answer = async (suggestion: Suggestion, understanding: Understanding, signal: AbortSignal): Promise<Outcome | undefined> => {
    const { state, reason, text, analysis } = understanding;
    if (state === 'queued')
      return clock.now().getTime() - suggestion.createdAt.getTime() > LONGEST_WAIT_MS ? failed('not-understood') : undefined;
    if (state === 'needs-ocr') return failed('needs-ocr');
    if (text === null || analysis === null) return failed(reason ?? 'internal');
    const [content] = await readContents(store.read(), [suggestion.id]);
    if (!content) return failed('internal');
    try {
      const resume = { name: 'resume', text, analysis } as const;
      const assessment = await analyser.assess({ resume, job: { name: 'job', text: content.jobText }, locale: suggestion.locale }, signal);
      return {
        state: 'done',
        reason: null,
        score: assessment.score,
        analyser: analyser.name,
        analyserVersion: analyser.version,
        assessment,
      };
    } catch (error) {
      if (error instanceof NothingAsked) return failed('nothing-asked');
      throw error;
    }
  };

  /** When to ask a provider again that is away; undefined once it was asked often enough. */
  const later = (error: LoomError, task: Task): TaskAgain | undefined => {
    const tries = triesOf(task) + 1;
    if (tries >= PROVIDER_TRIES) return undefined;
    const asked = error.details['retryAfterMs'];
    const afterMs = Math.min(Math.max(providerWaitMs(tries), typeof asked === 'number' ? asked : 0), LONGEST_PROVIDER_WAIT_MS);
    logger.warn('A suggestion has no answer yet.', { suggestionId: task.key, tries, afterMs, error });
    return { payload: { tries }, afterMs };
  };

  return {
    maxAttempts: 3,
    ...(analyser.atOnce === undefined ? {} : { atOnce: analyser.atOnce }),
    async run(task, { signal, finish }) {
      const { key: id } = task;
      const suggestion = (await store.read().findOne(SuggestionEntity, { id, state: 'queued' })) as Suggestion | null;
      if (!suggestion) return;
      const [understanding] = await readUnderstandings(store, [suggestion.versionId]);
      // Of a version that is older than that anything was understood there is none.
      try {
        const outcome = understanding ? await answer(suggestion, understanding, signal) : failed('not-understood');
        if (outcome) await finish((em) => write(em, id, outcome));
        // It may have been understood since it was read.
        else await finish(async (em) => ({ afterMs: (await isUnderstood(em, suggestion.versionId)) ? 0 : LOOK_AGAIN_MS }));
      } catch (error) {
        if (!isAway(error)) throw error;
        const again = later(error, task);
        if (again) return finish(undefined, again);
        logger.error('A suggestion has no answer: its provider was asked often enough.', { suggestionId: id, error });
        await finish((em) => write(em, id, failed('provider')));
      }
    },
    gaveUp: (em, { key }, error) => write(em, key, failed(reasonOf(error))),
  };
}
