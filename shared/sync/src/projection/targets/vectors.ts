import { StoreError } from '@loomgraph/core';
import type { AdvanceOutcome, ApplyOutcome, VectorDocument, VectorIndex } from '@loomgraph/stores/vectors';
import type { ProjectedDocument, ProjectionTarget } from '../define-projection.js';

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
    store: 'vectors',
    announces: true,
    async apply(documents, { announce } = {}) {
      checkDimensions(index, embedder);
      // Most changes of a record (a use, a rating) leave its search document as it was: those cost no embedding and no rewrite.
      const known = await advance(index, documents);
      const changed = documents.filter((_, position) => known[position] === 'differs');
      if (announce && changed.length > 0) await announce(changed.map(({ id }) => id));
      const written = changed.length > 0 ? await index.upsert(await embedded(changed, embedder)) : [];
      const outcomeOf = new Map(changed.map((document, position) => [document, written[position] as ApplyOutcome]));
      return documents.map((document, position) => outcomeOf.get(document) ?? (known[position] === 'advanced' ? 'applied' : 'fenced'));
    },
    remove: (tombstones) => index.remove(tombstones),
    entries: (ids, options) => index.entries(ids, options),
    scan: (options) => index.scan(options),
    purgeTombstones: (options) => index.purgeTombstones(options),
    drop: () => index.drop(),
  };
}

/** How long until the target is tried again: nothing but a new configuration helps. */
const MISFIT_RETRY_MS = 60_000;

/**
 * A target that cannot take any embedding of this model: no document is at fault, so the projection stands still, visibly, until it is configured
 * otherwise.
 */
function checkDimensions({ collection }: VectorIndex, { name, dimensions }: TextEmbedder): void {
  if (dimensions === collection.dimensions) return;
  const message = `Vector collection ${collection.name} holds ${collection.dimensions} dimensions, the embedder ${name} gives ${dimensions}.`;
  throw new StoreError('unavailable', 'vectors', message, { code: 'CONFIG_INVALID', details: { retryAfterMs: MISFIT_RETRY_MS } });
}

type Documents = readonly ProjectedDocument<VectorContent>[];

/** A document that replaces what is there is written whole, even where the fingerprint says that it is there already: it may be corrupt. */
async function advance(index: VectorIndex, documents: Documents): Promise<AdvanceOutcome[]> {
  const marks = documents.filter(({ replaces }) => !replaces);
  const outcomes = marks.length > 0 ? await index.advance(marks.map(({ content: _, replaces: __, ...mark }) => mark)) : [];
  const outcomeOf = new Map(marks.map((mark, position) => [mark, outcomes[position]]));
  return documents.map((document) => outcomeOf.get(document) ?? 'differs');
}

async function embedded(documents: Documents, embedder: TextEmbedder): Promise<VectorDocument[]> {
  const embeddings = await embedder.embed(documents.flatMap(({ content }) => Object.values(content.embed)));
  let next = 0;
  return documents.map(({ content: { title, text, attributes, embed }, ...document }) => ({
    ...document,
    model: embedder.name,
    title,
    text,
    attributes,
    embeddings: Object.fromEntries(Object.keys(embed).map((name) => [name, embeddings[next++] as number[]])),
  }));
}
