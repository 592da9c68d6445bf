import { Arg, Ctx, Directive, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { RecommendTemplates } from '../domain/recommend-templates.js';
import type { TemplatesContext } from './context.js';
import { SEARCH_COST, SIZED_BY_FIRST } from './cost.js';
import { toTemplate } from './present.js';
import { projectionsOf } from './projections-of.js';
import { Resume, TemplateRecommendation, type TemplateReasonKind } from './recommendation.type.js';

/** What this subgraph adds to resumes: it is asked with what the resumes subgraph says of one, and asks nobody. */
@Resolver(() => Resume)
export class TemplateRecommendationResolver {
  readonly #recommend: RecommendTemplates;

  constructor(deps: { recommend: RecommendTemplates }) {
    this.#recommend = deps.recommend;
  }

  @Directive(SEARCH_COST)
  @Directive(SIZED_BY_FIRST)
  @Directive('@requires(fields: "profile { language seniority { name quote } positions { name quote } skills { name quote } }")')
  @FieldResolver(() => [TemplateRecommendation], {
    description:
      'Templates that suit it, with reasons: best first, of equal scores the better rated, then by id. None while nothing in it is understood.',
  })
  async recommendedTemplates(
    @Root() { profile }: Resume,
    @Ctx() context: TemplatesContext,
    @Arg('locale', () => String, {
      defaultValue: 'zh',
      description: 'BCP 47 tag of what reasons are given in: Chinese for zh, else English.',
    })
    locale: string,
    @Arg('sameLanguage', () => Boolean, { defaultValue: false, description: 'Leaves out templates in another language.' })
    sameLanguage: boolean,
    @Arg('first', () => Int, { defaultValue: 10, description: 'At most 100.' }) first: number,
    @Arg('offset', () => Int, { defaultValue: 0, description: 'Those to leave out, 0 to 100: so many are compared.' }) offset: number,
  ): Promise<readonly TemplateRecommendation[]> {
    if (!profile) return [];
    const waiting = context.sync?.caughtUp(projectionsOf.search);
    if (waiting) await waiting;
    const found = await this.#recommend.recommend({ profile, sameLanguage, locale, limit: first, offset });
    return found.map(({ template, score, reasons }) => ({
      template: toTemplate(template),
      score,
      reasons: reasons.map((reason) => ({ ...reason, kind: reason.kind.toUpperCase() as TemplateReasonKind })), // both list the same
    }));
  }
}
