import type { ChatModel } from '@loomgraph/ai';
import { LoomError } from '@loomgraph/core';
import type { Metrics } from '@loomgraph/telemetry';
import { assessmentOf } from '../domain/suggestions/assessment-of.js';
import { modelAdvice } from '../domain/suggestions/model-advice.js';
import type { Refusal } from '../domain/suggestions/model-answer.js';
import { modelComparisons } from '../domain/suggestions/model-comparisons.js';
import { readJob } from '../domain/suggestions/read-job.js';
import { NothingAsked, type SuggestionAnalyser } from '../domain/suggestions/suggestion-analyser.js';
import { wordedIn, wordings } from '../domain/suggestions/wording.js';
import type { WordCutter } from '../domain/understanding/skills.js';
import { answerFormat, inputOf, instructionsOf, PROMPT_RELEASE, readModelAnswer } from './analyser-prompt.js';

/** A release has 64 characters at most, and says which prompt it was. */
const MAX_MODEL_NAME = 56;
/** The runner of tasks does other things beside: see `ResumesDependencies`. */
const AT_ONCE = 2;

/**
 * Says what fits with the help of a language model. It reads what the job asks for and points at places; the rules decide what those count and make
 * the score. What it says without words of the texts is not shown, and an answer that mostly says such things is none.
 */
export function createOpenAiAnalyser(deps: {
  readonly chat: ChatModel;
  readonly cut: WordCutter;
  readonly metrics: Metrics;
}): SuggestionAnalyser {
  const { chat, cut, metrics } = deps;
  const refused = metrics.counter('resumes_refused_claims_total', 'What a language model said of resumes and jobs and was not shown.', [
    'reason',
  ]);
  return {
    name: 'openai',
    version: `${chat.name.slice(0, MAX_MODEL_NAME)}/${PROMPT_RELEASE}`,
    atOnce: AT_ONCE,
    async assess(question, signal) {
      const { resume, job, locale } = question;
      const value = await chat.ask({ instructions: instructionsOf(question), input: inputOf(question), format: answerFormat }, { signal });
      const answer = readModelAnswer(value);
      if (!answer) throw unusable(chat.name, 'gave an answer of another form than it was asked for');
      const refuse = (reason: Refusal): void => refused.inc({ reason });
      const rules = readJob(job, cut);
      const { comparisons, kept } = modelComparisons({ resume, job }, { rules, model: answer.requirements }, { cut, refuse });
      if (comparisons.length === 0 && answer.requirements.length === 0) throw new NothingAsked();
      // One that leaves out what the rules see at once did not read the job; one that mostly invents is not believed in the rest.
      const isEmpty = answer.requirements.length === 0 && rules.some(({ asked }) => asked.kind === 'skill');
      if (isEmpty || kept * 2 < answer.requirements.length) throw unusable(chat.name, 'gave an answer that is not in the texts');
      const assessment = assessmentOf(comparisons, wordings[wordedIn(locale)]);
      const advice = modelAdvice({ resume, job }, answer.advice, refuse);
      return advice.length > 0 ? { ...assessment, advice } : assessment;
    },
  };
}

const unusable = (model: string, what: string): LoomError =>
  new LoomError('AI_PROVIDER_UNAVAILABLE', `The provider of ${model} ${what}.`, { details: { model } });
