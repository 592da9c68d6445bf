import type { Health } from '@loomgraph/core';
import type { WriteOrder } from './write-order.js';

/**
 * A collection of documents with named embeddings, searchable text and filterable attributes; the one place that answers vector,
 * full-text and hybrid search. It is a projection target: documents are fenced by revision.
 *
 * 1. `upsert` stores a document only when it is ahead of the stored one: by revision; at an equal revision by fence; where both are equal, by
 *    another fingerprint. It answers, per document and in order, `applied` or `fenced`. A document with `replaces` is stored exactly when
 *    that is what is there, else it is `fenced`. Of several documents of one id in a batch the foremost counts (of equals the last), the others
 *    are `fenced`. Embeddings are kept as 32-bit floats.
 * 2. `remove` leaves a tombstone with the revision: the document is not found any more, and an older upsert is fenced. At an equal
 *    revision a removal wins over a live document, in whatever order they come and whatever their fences; only `replaces` lifts it.
 * 3. Vector search is by cosine similarity, best first, ties by id; `score` is the similarity, -1..1. A zero vector is similar to
 *    nothing: it finds nothing and is not found. Over an approximate index, documents may be missed unless `exact` is set, and ties
 *    at the limit are by id among at least 20 candidates more.
 *    `searchLikeEach` compares with stored documents, each of which its own answer leaves out; nothing is like one that is not there.
 * 4. Text search matches every document that holds at least one query word (Chinese segmented, English stemmed is not
 *    promised), best first; `score` > 0 and comparable only inside one answer. Words without content (the, 的) count only where
 *    the query has no other.
 * 5. Hybrid search fuses the two rankings by reciprocal rank (k = 60), each taken `candidates` deep.
 * 6. Filters apply before the limit: a filtered search answers `limit` items if that many match. `total` is not answered. `null` matches
 *    documents without the attribute, an empty array none, `all` of nothing every one; an unknown attribute or a value of another type rejects
 *    with BAD_USER_INPUT.
 * 7. `suggest` answers distinct titles that start with, contain a word starting with, or are by trigram close to the text; best first.
 *    Where words are not divided by spaces (Chinese), a title that contains the text is close. An empty text has no suggestions.
 * 8. An embedding of another length than the collection's rejects with LoomError BAD_USER_INPUT, naming both lengths; so do an embedding
 *    or attribute the collection has not, and numbers that are not finite. Nothing of the batch is stored then.
 * 9. `scan` walks live documents and tombstones in id order, `entries` answers those of some ids in their order (`null` where there is none),
 *    both for audits. With `verify` an entry says whether its document is `intact`: everything searches look at is compared with a checksum that
 *    was written with it. Tombstones are intact. A document that was written before there were checksums has no `intact`: nobody knows.
 * 10. `advance` raises revision and fence of live documents whose fingerprint is the given one, without writing anything else: the cheap way
 *    to say that a record changed in nothing this collection holds. Per mark, in order: `advanced`, `fenced` (what is there is ahead) or
 *    `differs` (another fingerprint, deleted before, or absent: nothing was changed, upsert it).
 * 11. `purgeTombstones` forgets tombstones that are older than the given age, at most `limit` a call, and answers how many: the fence goes with
 *    them, so the age must be more than any write can be late.
 * 12. `drop` deletes the collection with everything in it, and closes the index.
 * 13. After `close`, every call rejects with StoreError `unavailable`.
 */
export interface VectorIndex extends AsyncDisposable {
  readonly collection: VectorCollection;
  upsert(documents: readonly VectorDocument[]): Promise<ApplyOutcome[]>;
  advance(marks: readonly RevisionMark[]): Promise<AdvanceOutcome[]>;
  remove(tombstones: readonly Tombstone[]): Promise<ApplyOutcome[]>;
  get(ids: readonly string[]): Promise<(VectorDocument | null)[]>;
  searchByVector(query: VectorQuery): Promise<SearchHit[]>;
  searchLikeEach(ids: readonly string[], query: Omit<VectorQuery, 'embedding'>): Promise<SearchHit[][]>;
  searchByText(query: TextQuery): Promise<SearchHit[]>;
  searchHybrid(query: VectorQuery & TextQuery): Promise<SearchHit[]>;
  suggest(prefix: string, options: { limit: number; filter?: AttributeFilter }): Promise<string[]>;
  entries(ids: readonly string[], options?: VerifyOptions): Promise<(ScanEntry | null)[]>;
  scan(options: ScanOptions): Promise<ScanEntry[]>;
  purgeTombstones(options: PurgeOptions): Promise<number>;
  count(): Promise<number>;
  health(): Promise<Health>;
  drop(): Promise<void>;
  close(): Promise<void>;
}

/** What a collection holds; `open` creates or checks the table by it. */
export interface VectorCollection {
  /** snake_case; the table's name. */
  readonly name: string;
  readonly dimensions: number;
  /** Names of the embeddings a document carries. `indexed` ones get an HNSW index, the others are searched exactly. */
  readonly embeddings: Readonly<Record<string, { indexed: boolean }>>;
  /** Attributes that can be filtered on. */
  readonly attributes: Readonly<Record<string, 'text' | 'number' | 'boolean' | 'text[]'>>;
}

export type AttributeValue = string | number | boolean | readonly string[] | null;

export interface VectorDocument extends WriteOrder {
  readonly id: string;
  readonly fingerprint: string;
  /** Name and version of the model that made the embeddings. */
  readonly model: string;
  readonly embeddings: Readonly<Record<string, readonly number[]>>;
  /** Short text that `suggest` completes to. */
  readonly title: string;
  /** Everything full-text search looks in, unsegmented. */
  readonly text: string;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

export interface Tombstone extends WriteOrder {
  readonly id: string;
}

export interface RevisionMark extends Omit<WriteOrder, 'replaces'> {
  readonly id: string;
  readonly fingerprint: string;
}

export type AdvanceOutcome = 'advanced' | 'fenced' | 'differs';

export type ApplyOutcome = 'applied' | 'fenced';

/** On `number` attributes a least value; on `text[]` attributes values that must all be there. Documents without the attribute do not match. */
export type AttributeCondition = { readonly atLeast: number } | { readonly all: readonly string[] };

/** Every given attribute must match; an array matches any of its values; on `text[]` attributes, any overlap. */
export type AttributeFilter = Readonly<Record<string, AttributeValue | AttributeCondition>>;

export interface VectorQuery {
  readonly embedding: readonly number[];
  /** Which named embedding to compare with. */
  readonly field: string;
  readonly limit: number;
  readonly filter?: AttributeFilter;
  /** Lowest similarity to answer, -1..1. */
  readonly minScore?: number;
  /** How deep each ranking goes before hybrid fusion. Default 100. */
  readonly candidates?: number;
  /** Skip the approximate index: exact answers, for audits and evaluation. */
  readonly exact?: boolean;
}

export interface TextQuery {
  readonly text: string;
  readonly limit: number;
  readonly filter?: AttributeFilter;
}

export interface SearchHit {
  readonly id: string;
  readonly score: number;
  /** Position (from 1) in the vector and text ranking; absent where it was in only one. */
  readonly vectorRank?: number;
  readonly textRank?: number;
}

export interface ScanEntry {
  readonly id: string;
  readonly revision: number;
  readonly fence: number;
  readonly fingerprint: string;
  readonly deleted: boolean;
  /** Whether the content is what was written; absent when it was not asked for, or was written before checksums were. */
  readonly intact?: boolean;
}

export interface VerifyOptions {
  /** Compare each content with its checksum: reads the whole document where `false` reads a few bytes. */
  readonly verify?: boolean;
}

export interface ScanOptions extends VerifyOptions {
  readonly after?: string;
  readonly limit: number;
}

export interface PurgeOptions {
  readonly olderThanMs: number;
  readonly limit: number;
}
