import type { KeptPassage, PassageSearch } from './ports.js';

interface Ranked {
  readonly passage: KeptPassage;
  readonly score: number;
}

/** A resume with its places in both rankings, from 1; it is shown by the passage of the better one, of equals by the one that holds the words. */
export interface Fused extends Ranked {
  readonly semanticRank?: number;
  readonly textRank?: number;
}

/** Two rankings of resumes as one. */
export function fuseRankings(semantic: readonly Ranked[], text: readonly Ranked[], fuse: PassageSearch['fuse']): readonly Fused[] {
  const hits = (ranking: readonly Ranked[]) => ranking.map(({ passage, score }) => ({ id: passage.resumeId, score }));
  return fuse(hits(semantic), hits(text)).flatMap(({ score, semanticRank, textRank }) => {
    const isByText = textRank !== undefined && textRank <= (semanticRank ?? Infinity);
    const shown = isByText ? text[textRank - 1] : semantic[(semanticRank ?? 0) - 1];
    if (!shown) return [];
    const ranks = { ...(semanticRank !== undefined && { semanticRank }), ...(textRank !== undefined && { textRank }) };
    return [{ passage: shown.passage, score, ...ranks }];
  });
}
