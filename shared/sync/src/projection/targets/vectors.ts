import type { ApplyOutcome, VectorDocument, VectorIndex } from '@loomgraph/stores/vectors';
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
  readonly version: number;
  readonly dimensions: number;
  embed(texts: readonly string[]): Promise<number[][]>;
}

/** Documents with embeddings: the texts of a whole batch go to the embedder in one call. */
export function vectorTarget(index: VectorIndex, embedder: TextEmbedder): ProjectionTarget<VectorContent> {
  return {
    kind: 'vectors',
    identity: `${embedder.name}@${embedder.version}/${embedder.dimensions}`,
    async apply(documents) {
      // Most changes of a record (a use, a rating) leave its search document as it was: those cost no embedding and no rewrite.
      const known = await index.advance(documents.map(({ id, revision, fingerprint }) => ({ id, revision, fingerprint })));
      const outcomes: ApplyOutcome[] = known.map((one) => (one === 'fenced' ? 'fenced' : 'applied'));
      const changed = documents.filter((_, position) => known[position] === 'differs');
      if (changed.length === 0) return outcomes;
      const embeddings = await embedder.embed(changed.flatMap(({ content }) => Object.values(content.embed)));
      let next = 0;
      const written = await index.upsert(
        changed.map(({ id, revision, fingerprint, content }) => ({
          id,
          revision,
          fingerprint,
          model: embedder.name,
          title: content.title,
          text: content.text,
          attributes: content.attributes,
          embeddings: Object.fromEntries(Object.keys(content.embed).map((name) => [name, embeddings[next++] as number[]])),
        })),
        { force: true },
      );
      const byId = new Map(changed.map(({ id }, position) => [id, written[position] as ApplyOutcome]));
      return documents.map(({ id }, position) => byId.get(id) ?? (outcomes[position] as ApplyOutcome));
    },
    remove: (tombstones) => index.remove(tombstones),
    scan: (options) => index.scan(options),
  };
}
