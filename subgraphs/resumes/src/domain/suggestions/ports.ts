import type { LazyPage, PageRequest, ResourceFilter } from '@loomgraph/core';
import type { AnalyserFeedback, Suggestion, SuggestionContent, SuggestionFeedback, SuggestionState } from './suggestion.js';

/** Every given condition must hold. */
export interface SuggestionFilter {
  readonly userId?: string;
  readonly resumeId?: string;
  readonly versionId?: string;
  readonly state?: SuggestionState;
  /** Part of the job's title, any case. */
  readonly jobTitleContains?: string;
  /** Those that have no score do not fit. */
  readonly minScore?: number;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  /** Which the caller may see. */
  readonly visible: ResourceFilter;
}

/** Each call is one statement, a page's count another. */
export interface SuggestionReader {
  suggestionsByIds(ids: readonly string[]): Promise<readonly Suggestion[]>;
  contentsOf(ids: readonly string[]): Promise<readonly SuggestionContent[]>;
  /** Newest first. */
  listSuggestions(filter: SuggestionFilter, page: PageRequest): Promise<LazyPage<Suggestion>>;
  /** What this user said of them. */
  feedbackOf(ids: readonly string[], userId: string): Promise<readonly SuggestionFeedback[]>;
  /** By analyser and release. */
  feedbackByAnalyser(): Promise<readonly AnalyserFeedback[]>;
}

/** The part of a transaction's writes that is about suggestions. */
export interface SuggestionWriter {
  countQueued(userId: string): Promise<number>;
  /** It is answered once this is committed. */
  insertSuggestion(suggestion: Suggestion, jobText: string): Promise<void>;
  lockSuggestion(id: string): Promise<Suggestion | null>;
  /** In place of what the user said before, whose `createdAt` stays. */
  saveFeedback(feedback: SuggestionFeedback): Promise<SuggestionFeedback>;
}
