import { Arg, Ctx, Directive, Field, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { SuggestionManagement } from '../domain/suggestions/manage-suggestions.js';
import { requireSuggestion, requireVersion } from './access.js';
import type { ResumesContext } from './context.js';
import { SUGGESTION_COST } from './cost.js';
import { toSuggestion } from './present-suggestion.js';
import { GiveSuggestionFeedbackInput, RequestResumeSuggestionInput } from './suggestion.input.js';
import { ResumeSuggestion, ResumeSuggestionFeedback } from './suggestion.type.js';

@ObjectType({ description: 'A suggestion that was asked for.', simpleResolvers: true })
export class RequestResumeSuggestionPayload {
  @Field(() => ResumeSuggestion, { description: 'It is queued; ask for it by its id.' })
  suggestion!: ResumeSuggestion;
}

@ObjectType({ description: 'Feedback as it is kept.', simpleResolvers: true })
export class GiveSuggestionFeedbackPayload {
  @Field(() => ResumeSuggestionFeedback, { description: 'The feedback.' })
  feedback!: ResumeSuggestionFeedback;
}

@Resolver()
export class SuggestionMutations {
  readonly #suggestions: SuggestionManagement;

  constructor(deps: { suggestions: SuggestionManagement }) {
    this.#suggestions = deps.suggestions;
  }

  @Directive(SUGGESTION_COST)
  @Mutation(() => RequestResumeSuggestionPayload, {
    description: 'Asks how a resume version fits a job, and what would make it fit better; for whoever may read the resume.',
  })
  async requestResumeSuggestion(
    @Arg('input', () => RequestResumeSuggestionInput) input: RequestResumeSuggestionInput,
    @Ctx() context: ResumesContext,
  ): Promise<RequestResumeSuggestionPayload> {
    const { versionId, jobTitle, jobDescription, locale } = input;
    const { userId } = await requireVersion(context, 'read', versionId);
    return { suggestion: toSuggestion(await this.#suggestions.request({ versionId, jobTitle, jobDescription, locale }, userId)) };
  }

  @Mutation(() => GiveSuggestionFeedbackPayload, {
    description: 'Says whether a suggestion helped; saying it again takes the place of what was said. For who asked, and administrators.',
  })
  async giveSuggestionFeedback(
    @Arg('input', () => GiveSuggestionFeedbackInput) input: GiveSuggestionFeedbackInput,
    @Ctx() context: ResumesContext,
  ): Promise<GiveSuggestionFeedbackPayload> {
    const { suggestionId, isHelpful, comment } = input;
    const { userId } = await requireSuggestion(context, 'rate', suggestionId);
    return { feedback: await this.#suggestions.giveFeedback({ suggestionId, userId, isHelpful, comment }) };
  }
}
