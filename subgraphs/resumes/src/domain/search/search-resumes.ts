import { LoomError, MAX_PAGE_SIZE, type ResourceFilter } from '@loomgraph/core';
import type { ResumeReader } from '../ports.js';
import type { Resume, ResumeVersion } from '../resume.js';
import { fuseRankings } from './fuse-rankings.js';
import type { KeptPassage, PassageSearch, RankedHit, Rankings, ResumeSearchFilter, SearchMode } from './ports.js';
import { snippetOf, type Snippet } from './snippet.js';

export interface ResumeSearchRequest {
  readonly text: string;
  readonly mode: SearchMode;
  readonly filter: ResumeSearchFilter;
  /** Which the caller may see. */
  readonly visible: ResourceFilter;
  readonly limit: number;
  /** Hits before the page. */
  readonly offset: number;
}

/** A resume that was found, by the passage of it that fits best. */
export interface ResumeHit {
  readonly resume: Resume;
  readonly version: ResumeVersion;
  readonly passage: KeptPassage;
  readonly snippet: Snippet;
  /** Higher is better, within one answer. */
  readonly score: number;
  readonly semanticRank?: number;
  readonly textRank?: number;
}

export interface ResumeHits {
  readonly hits: readonly ResumeHit[];
  readonly hasMore: boolean;
}

export interface SearchResumes {
  /** @throws LoomError BAD_USER_INPUT, PAGE_LIMIT_EXCEEDED, AI_PROVIDER_UNAVAILABLE */
  search(request: ResumeSearchRequest): Promise<ResumeHits>;
  /** The passages, each of another resume, that fit a text best by both rankings, in no promised order; at most `wanted`. */
  nearest(request: Pick<ResumeSearchRequest, 'text' | 'filter' | 'visible'>, wanted: number): Promise<readonly KeptPassage[]>;
}

export const MAX_QUERY_LENGTH = 1_000;
/** How many resumes a search goes through: who needs more asks another question. Both rankings of a hybrid search go as deep, on every page. */
export const MAX_HITS = 200;
/** Passages that are looked at for each resume that is wanted, at first: a resume of two pages has about eight, and most do not fit. */
const PASSAGES_EACH = 4;
const PASSAGES_AT_LEAST = 100;

/** Where a resume stands in a ranking: its best passage. */
interface Ranked {
  readonly passage: KeptPassage;
  readonly score: number;
}

/**
 * Searches resumes by their passages; one hit for each resume. What the caller may see is looked up in the record first and confines the search
 * itself, so pages are full whatever that is, and what was shared a moment ago is found.
 */
export function createSearchResumes(deps: { readonly search: PassageSearch; readonly reader: ResumeReader }): SearchResumes {
  const { search, reader } = deps;

  /** The resumes of a ranking of passages, as many as are wanted if there are so many. Passages that are gone by now take nobody's place. */
  const resumesOf = async (ranking: (limit: number) => Promise<readonly RankedHit[]>, wanted: number): Promise<readonly Ranked[]> => {
    for (let depth = Math.max(PASSAGES_AT_LEAST, wanted * PASSAGES_EACH); ; depth *= PASSAGES_EACH) {
      const hits = await ranking(depth);
      const passages = new Map((await reader.passagesByIds(hits.map(({ id }) => id))).map((passage) => [passage.id, passage]));
      const best = new Map<string, Ranked>();
      for (const { id, score } of hits) {
        const passage = passages.get(id);
        if (passage && !best.has(passage.resumeId)) best.set(passage.resumeId, { passage, score });
      }
      if (best.size >= wanted || hits.length < depth) return [...best.values()].slice(0, wanted);
    }
  };

  const ranked = async (mode: SearchMode, { semantic, text }: Rankings, wanted: number) => {
    if (mode === 'semantic' && !semantic)
      throw new LoomError('AI_PROVIDER_UNAVAILABLE', 'The model that search is built with is gone, and the new one is not complete yet.');
    if (mode === 'text' || !semantic) return (await resumesOf(text, wanted)).map((one, index) => ({ ...one, textRank: index + 1 }));
    if (mode === 'semantic') return (await resumesOf(semantic, wanted)).map((one, index) => ({ ...one, semanticRank: index + 1 }));
    const deep = Math.max(wanted, MAX_HITS);
    const [near, matching] = await Promise.all([resumesOf(semantic, deep), resumesOf(text, deep)]);
    return fuseRankings(near, matching, search.fuse).slice(0, wanted);
  };

  /** The rankings of what the caller may see; undefined where that is nothing. */
  const rankingsOf = async ({ text, filter, visible }: Pick<ResumeSearchRequest, 'text' | 'filter' | 'visible'>) => {
    const resumeIds = visible.kind === 'none' ? [] : await reader.visibleResumeIds(visible);
    return resumeIds?.length === 0 ? undefined : search.rank(text, { ...filter, ...(resumeIds && { resumeIds }) });
  };

  return {
    async search({ text: given, mode, filter, visible, limit, offset }) {
      const text = given.trim();
      assertRequest(text, limit, offset);
      const end = Math.min(offset + limit, MAX_HITS);
      const rankings = offset >= end ? undefined : await rankingsOf({ text, filter, visible });
      if (!rankings) return { hits: [], hasMore: false };
      const all = await ranked(mode, rankings, Math.min(end + 1, MAX_HITS));
      const page = all.slice(offset, end);
      const words = search.words(text);
      return { hits: await complete(page, words), hasMore: all.length > end };
    },
    async nearest(request, wanted) {
      const rankings = await rankingsOf(request);
      return rankings ? (await ranked('hybrid', rankings, wanted)).map(({ passage }) => passage) : [];
    },
  };

  /** With what is shown of each; a resume that went in this very moment is left out. */
  async function complete<T extends Ranked>(page: readonly T[], words: readonly string[]): Promise<ResumeHit[]> {
    const versionIds = page.map(({ passage }) => passage.versionId);
    const [resumes, versions, texts] = await Promise.all([
      reader.resumesByIds(page.map(({ passage }) => passage.resumeId)),
      reader.versionsByIds(versionIds),
      reader.textsOf(versionIds),
    ]);
    const resumeOf = new Map(resumes.map((resume) => [resume.id, resume]));
    const versionOf = new Map(versions.map((version) => [version.id, version]));
    return page.flatMap((hit) => {
      const { resumeId, versionId } = hit.passage;
      const [resume, version, text] = [resumeOf.get(resumeId), versionOf.get(versionId), texts.get(versionId)];
      if (!resume || !version || text === undefined) return [];
      return [{ ...hit, resume, version, snippet: snippetOf(text, hit.passage, words) }];
    });
  }
}

/** @throws LoomError PAGE_LIMIT_EXCEEDED, BAD_USER_INPUT */
export function assertPage(limit: number, offset: number): void {
  if (limit < 0) throw new LoomError('BAD_USER_INPUT', `A page size cannot be negative (${limit}).`);
  if (limit > MAX_PAGE_SIZE)
    throw new LoomError('PAGE_LIMIT_EXCEEDED', `At most ${MAX_PAGE_SIZE} items a page; ${limit} were asked for.`, {
      details: { limit: MAX_PAGE_SIZE },
    });
  if (offset < 0) throw new LoomError('BAD_USER_INPUT', 'A page cannot begin before the first hit.');
}

function assertRequest(text: string, limit: number, offset: number): void {
  if (text === '') throw new LoomError('BAD_USER_INPUT', 'Search for at least one word.');
  if (text.length > MAX_QUERY_LENGTH) throw new LoomError('BAD_USER_INPUT', `A search text has at most ${MAX_QUERY_LENGTH} characters.`);
  assertPage(limit, offset);
}
