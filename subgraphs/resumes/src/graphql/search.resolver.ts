import { requireIdentity } from '@loomgraph/auth';
import { given, SimilarityKind } from '@loomgraph/subgraph-kit';
import { Arg, Ctx, Directive, Int, Query, Resolver } from 'type-graphql';
import type { ResumeSearchFilter } from '../domain/search/ports.js';
import type { ResumeHit, SearchResumes } from '../domain/search/search-resumes.js';
import type { ResumesContext } from './context.js';
import { HITS, SEARCH_COST } from './cost.js';
import { offsetPages } from './offset-cursor.js';
import { toResume, toResumeVersion } from './present.js';
import { projectionsOf } from './projections-of.js';
import { ResumeSearchFilterInput, ResumeSearchMode } from './search.input.js';
import { ResumeSearchResult, type ResumeSearchHit } from './search.type.js';

const modes = { SEMANTIC: 'semantic', TEXT: 'text', HYBRID: 'hybrid' } as const;

interface SearchResolverDependencies {
  readonly search: SearchResumes;
  readonly model: { readonly model: string; readonly similarity: 'lexical' | 'semantic' };
}

/** Queries that read the projected vectors. */
@Resolver()
export class ResumeSearchResolver {
  readonly #deps: SearchResolverDependencies;

  constructor(deps: SearchResolverDependencies) {
    this.#deps = deps;
  }

  @Directive(SEARCH_COST)
  @Directive(HITS)
  @Query(() => ResumeSearchResult, {
    description: 'Searches the resumes that the caller may read, in the newest version of each that is understood.',
  })
  async searchResumes(
    @Ctx() context: ResumesContext,
    @Arg('query', () => String, { description: '1 to 1,000 characters.' }) query: string,
    @Arg('mode', () => ResumeSearchMode, { defaultValue: ResumeSearchMode.HYBRID }) mode: ResumeSearchMode,
    @Arg('filter', () => ResumeSearchFilterInput, { nullable: true }) filter: ResumeSearchFilterInput | undefined,
    @Arg('first', () => Int, { defaultValue: 10, description: 'At most 100.' }) first: number,
    @Arg('after', () => String, { nullable: true, description: '`pageInfo.endCursor` of the page before, of the same question.' })
    after: string | undefined,
  ): Promise<ResumeSearchResult> {
    const { search, model } = this.#deps;
    const identity = requireIdentity(context.identity);
    const pages = offsetPages([query, mode, given(filter)], after);
    const waiting = context.sync?.caughtUp(projectionsOf.search);
    if (waiting) await waiting;
    const visible = await context.authorizer.filter(identity, 'read', 'resume');
    const request = { text: query, mode: modes[mode], filter: toFilter(filter), visible, limit: first, offset: pages.offset };
    const { hits, hasMore } = await search.search(request);
    return {
      hits: hits.map(toHit),
      pageInfo: pages.pageInfo({ hits, hasMore, first }),
      similarity: model.similarity === 'semantic' ? SimilarityKind.SEMANTIC : SimilarityKind.LEXICAL,
      model: model.model,
    };
  }
}

/** Enums of the schema are the domain's names in capitals. */
function toFilter(input: ResumeSearchFilterInput | undefined): ResumeSearchFilter {
  const { seniority, textLanguage, ...rest } = given(input);
  return {
    ...rest,
    ...(seniority && { seniority: seniority.map((rank) => rank.toLowerCase()) }),
    ...(textLanguage && { textLanguage: textLanguage.toLowerCase() }),
  } as ResumeSearchFilter; // validated by `ResumeSearchFilterInput`
}

function toHit({ resume, version, passage, snippet, score, semanticRank, textRank }: ResumeHit): ResumeSearchHit {
  return {
    resume: toResume(resume),
    version: toResumeVersion(version),
    section: passage.kind,
    passage: { start: passage.start, end: passage.end },
    snippet: { text: snippet.text, span: { start: snippet.start, end: snippet.end } },
    score,
    semanticRank: semanticRank ?? null,
    textRank: textRank ?? null,
  };
}
