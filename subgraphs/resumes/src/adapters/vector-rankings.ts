import type { Embedder } from '@loomgraph/ai';
import { fuseByReciprocalRank, type AttributeFilter } from '@loomgraph/stores/vectors';
import type { VersionedVectors } from '@loomgraph/sync';
import type { PassageSearch, RankedHit, Rankings } from '../domain/search/ports.js';

/** Rankings of the documents of one projection, by the version of it that serves. */
export interface VectorRankings {
  /** Of the last ranking: the model changes under a running process. */
  readonly embedder: Embedder;
  /** @param options.exact compares one by one, past the approximate index */
  rank(text: string, options: { readonly filter: AttributeFilter; readonly exact: boolean }): Promise<Rankings>;
}

export function createVectorRankings(vectors: Pick<VersionedVectors<Embedder>, 'live'>, wanted: Embedder): VectorRankings {
  let last = wanted;
  return {
    get embedder() {
      return last;
    },
    async rank(text, { filter, exact }) {
      const { index, embedder } = await vectors.live();
      if (embedder) last = embedder;
      let embedded: Promise<readonly number[]> | undefined;
      const embedding = (by: Embedder) => (embedded ??= by.embed([text]).then(([vector]) => vector ?? []));
      return {
        semantic:
          embedder &&
          (async (limit) => index.searchByVector({ field: 'content', embedding: await embedding(embedder), limit, filter, exact })),
        text: (limit) => index.searchByText({ text, limit, filter }),
      };
    },
  };
}

export const fuseRankings: PassageSearch['fuse'] = (semantic: readonly RankedHit[], text: readonly RankedHit[]) =>
  fuseByReciprocalRank(semantic, text, { limit: semantic.length + text.length }).map(({ id, score, vectorRank, textRank }) => ({
    id,
    score,
    ...(vectorRank !== undefined && { semanticRank: vectorRank }),
    ...(textRank !== undefined && { textRank }),
  }));
