import { LoomError, MAX_PAGE_SIZE } from '@loomgraph/core';
import { assertLimit, type SearchTemplates } from './search-templates.js';
import { fitOf, type ResumeProfile, type TemplateFit } from './template-fit.js';
import { limits, ratingRank, type Template } from './template.js';

export interface TemplateRecommendationRequest {
  readonly profile: ResumeProfile;
  /** Leaves out templates in another language than the resume's. */
  readonly sameLanguage: boolean;
  /** BCP 47 tag of what reasons are given in. */
  readonly locale: string;
  readonly limit: number;
  /** Those before the page. */
  readonly offset: number;
}

export interface RecommendedTemplate extends TemplateFit {
  readonly template: Template;
}

export interface RecommendTemplates {
  /** Best first, of a hundred candidates; those that fit in nothing are left out. @throws LoomError BAD_USER_INPUT, PAGE_LIMIT_EXCEEDED */
  recommend(request: TemplateRecommendationRequest): Promise<readonly RecommendedTemplate[]>;
}

/** Candidates come from the search, the score from the templates as they are now. The same templates have the same answer. */
export function createRecommendTemplates({ search }: { readonly search: Pick<SearchTemplates, 'search'> }): RecommendTemplates {
  return {
    async recommend({ profile, sameLanguage, locale, limit, offset }) {
      assertLimit(limit);
      if (offset < 0 || offset > MAX_PAGE_SIZE)
        throw new LoomError('BAD_USER_INPUT', `offset is 0 to ${MAX_PAGE_SIZE}: so many are compared.`);
      const words = [...new Set([...profile.positions, ...profile.skills].map(({ name }) => name))].join(' ');
      const text = words.slice(0, limits.queryLength).toWellFormed().trim();
      if (text === '') return [];
      const hits = await search.search({ text, mode: 'hybrid', field: 'content', filter: {}, offset: 0, limit: MAX_PAGE_SIZE });
      return hits
        .map(({ template }) => ({ template, ...fitOf(profile, template, locale) }))
        .filter(({ score, isSameLanguage }) => score > 0 && (isSameLanguage || !sameLanguage))
        .toSorted((a, b) => b.score - a.score || rank(b.template) - rank(a.template) || (a.template.id < b.template.id ? -1 : 1))
        .slice(offset, offset + limit);
    },
  };
}

const rank = ({ ratingSum, ratingCount }: Template): number => ratingRank(ratingSum, ratingCount);
