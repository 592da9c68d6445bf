import { requireIdentity, requirePermission } from '@loomgraph/auth';
import { given, PageArgs, pageOf, toConnection } from '@loomgraph/subgraph-kit';
import { Arg, Args, Ctx, Directive, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { suggestionCursorTag } from '../domain/cursor-tags.js';
import type { SuggestionReader } from '../domain/suggestions/ports.js';
import { suggestionStates } from '../domain/suggestions/suggestion.js';
import { readableResume, readableSuggestion } from './access.js';
import { ResumeAssessment } from './assessment.type.js';
import type { ResumesContext } from './context.js';
import { ASSESSMENT_COST, PAGE } from './cost.js';
import { toAssessment, toSuggestion } from './present-suggestion.js';
import { ResumeSuggestionFilterInput } from './suggestion.input.js';
import { ResumeAnalyserFeedback, ResumeSuggestion, ResumeSuggestionConnection, ResumeSuggestionFeedback } from './suggestion.type.js';

@Resolver(() => ResumeSuggestion)
export class SuggestionResolver {
  readonly #reader: SuggestionReader;

  constructor(deps: { reader: SuggestionReader }) {
    this.#reader = deps.reader;
  }

  @Query(() => ResumeSuggestion, {
    nullable: true,
    description: 'A suggestion by id; null where there is none that the caller may see.',
  })
  async resumeSuggestion(@Arg('id', () => ID) id: string, @Ctx() context: ResumesContext): Promise<ResumeSuggestion | null> {
    const suggestion = await readableSuggestion(context, id);
    return suggestion && toSuggestion(suggestion);
  }

  @Directive(PAGE)
  @Query(() => ResumeSuggestionConnection, {
    description: "The caller's suggestions, newest first; for administrators everybody's. Pages of at most 100.",
  })
  async resumeSuggestions(
    @Ctx() context: ResumesContext,
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => ResumeSuggestionFilterInput, { nullable: true }) filter?: ResumeSuggestionFilterInput,
  ): Promise<ResumeSuggestionConnection> {
    const { state, ...rest } = given(filter);
    const visible = await context.authorizer.filter(requireIdentity(context.identity), 'read', 'resume-suggestion');
    const wanted = suggestionStates.find((one) => one.toUpperCase() === state);
    return toConnection(
      await this.#reader.listSuggestions({ ...rest, ...(wanted ? { state: wanted } : {}), visible }, pageOf(page, suggestionCursorTag)),
      toSuggestion,
    );
  }

  @Query(() => [ResumeAnalyserFeedback], {
    description: 'How much the suggestions of each release of each analyser helped; for administrators.',
  })
  async resumeSuggestionFeedback(@Ctx() context: ResumesContext): Promise<readonly ResumeAnalyserFeedback[]> {
    await requirePermission(context.authorizer, context.identity, { action: 'report', resource: { type: 'resume-suggestion' } });
    return this.#reader.feedbackByAnalyser();
  }

  @FieldResolver(() => String, {
    description: 'The job as it was read, in the form NFKC and without empty lines: its title in the first line, then its description.',
  })
  async jobText(@Root() { id, jobTitle }: ResumeSuggestion, @Ctx() context: ResumesContext): Promise<string> {
    return (await context.loaders.suggestionContent.load(id))?.jobText ?? jobTitle;
  }

  @Directive(ASSESSMENT_COST)
  @FieldResolver(() => ResumeAssessment, {
    nullable: true,
    description: 'The answer; null unless it is done, and for who may not read the resume any more, which it quotes.',
  })
  async assessment(@Root() { id, resumeId }: ResumeSuggestion, @Ctx() context: ResumesContext): Promise<ResumeAssessment | null> {
    const [resume, content] = await Promise.all([readableResume(context, resumeId), context.loaders.suggestionContent.load(id)]);
    return resume && content?.assessment ? toAssessment(content.assessment) : null;
  }

  @FieldResolver(() => ResumeSuggestionFeedback, {
    nullable: true,
    description: 'What the caller said of it; null where they said nothing.',
  })
  feedback(@Root() { id }: ResumeSuggestion, @Ctx() context: ResumesContext): Promise<ResumeSuggestionFeedback | null> {
    return context.loaders.suggestionFeedback.load(id);
  }
}
