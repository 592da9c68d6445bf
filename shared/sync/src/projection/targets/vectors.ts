import type { VectorDocument, VectorIndex } from '@loomgraph/stores/vectors';
import type { ProjectionTarget } from '../define-projection.js';

export interface VectorContent {
  readonly title: string;
  readonly text: string;
  readonly attributes: VectorDocument['attributes'];
  /** For each named embedding the text it is made of. */
  readonly embed: Readonly<Record<string, string>>;
}

/** What the target asks of an embedder; `@loomgraph/ai` has them. */
export interface TextEmbedder {
  readonly name: string;
  embed(texts: readonly string[]): Promise<number[][]>;
}

/** Documents with embeddings: the texts of a whole batch go to the embedder in one call. */
export function vectorTarget(index: VectorIndex, embedder: TextEmbedder): ProjectionTarget<VectorContent> {
  return {
    kind: 'vectors',
    identity: embedder.name,
    async apply(documents, { force }) {
      const texts = documents.flatMap((document) => Object.values(document.content.embed));
      const embeddings = await embedder.embed(texts);
      let next = 0;
      return index.upsert(
        documents.map(({ id, revision, fingerprint, content }) => ({
          id,
          revision,
          fingerprint,
          model: embedder.name,
          title: content.title,
          text: content.text,
          attributes: content.attributes,
          embeddings: Object.fromEntries(Object.keys(content.embed).map((name) => [name, embeddings[next++] as number[]])),
        })),
        { force },
      );
    },
    remove: (tombstones) => index.remove(tombstones),
    scan: (options) => index.scan(options),
  };
}
