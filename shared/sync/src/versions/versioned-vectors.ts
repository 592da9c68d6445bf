import { LoomError } from '@loomgraph/core';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { VectorCollection, VectorIndex } from '@loomgraph/stores/vectors';
import { vectorTarget, type TextEmbedder, type VectorContent } from '../projection/targets/vectors.js';
import type { VersionedTargets } from './define-versioned.js';
import { followLive } from './follow-live.js';
import { readVersions } from './registry.js';
import { versionHash } from './version-key.js';

/** What a stored version says of the model that its embeddings were made with. */
export type EmbeddingModel = Pick<TextEmbedder, 'name' | 'version' | 'dimensions'>;

export interface VersionedVectorsOptions<E extends TextEmbedder> {
  /** Holds the registry; migrated. */
  readonly store: RelationalStore;
  /** Name and version as in the projection's definition. */
  readonly projection: string;
  readonly version: number;
  readonly open: (collection: VectorCollection) => Promise<VectorIndex>;
  /** The collection for embeddings of a length; each version's table adds the version's hash to the name. */
  readonly collection: (dimensions: number) => VectorCollection;
  /** Makes the embeddings of the version that this process is for. */
  readonly embedder: E;
  /** Makes those of an earlier one; undefined where its model is not to be had any more: that version is then served as it stands. */
  readonly embedderFor?: (model: EmbeddingModel) => E | undefined;
  /** Told, when the storage of a version was dropped, which models the others were made with: embeddings of any other can be forgotten. */
  readonly onDropped?: (inUse: readonly EmbeddingModel[]) => Promise<void>;
}

/** The version that serves reads. A query is embedded and searched with the same answer: two models' embeddings compare to nothing. */
export interface LiveVectors<E extends TextEmbedder> {
  readonly versionKey: string;
  readonly index: VectorIndex;
  /** Undefined where the model is not to be had: text is still searched, likeness to stored documents too. */
  readonly embedder: E | undefined;
}

/** Reads that follow the live version. */
export type VectorReader = Pick<VectorIndex, 'get' | 'searchByText' | 'searchLikeEach' | 'suggest' | 'entries' | 'count' | 'health'>;

export interface VersionedVectors<E extends TextEmbedder> extends VersionedTargets<VectorContent> {
  live(): Promise<LiveVectors<E>>;
  readonly reader: VectorReader;
}

/**
 * Opens the collections of a projection's versions: a table for each. The embedder of an earlier version is asked for as the registry names it, so
 * that version is kept up to date, and queries to it are understood, while the new one is built.
 */
export async function openVersionedVectors<E extends TextEmbedder>(options: VersionedVectorsOptions<E>): Promise<VersionedVectors<E>> {
  const { store, projection, version, embedder } = options;
  const follow = followLive(store, projection);
  const wanted = keyOf(version, embedder);
  const indexes = new Map<string, Promise<VectorIndex>>();
  const indexOf = (key: string): Promise<VectorIndex> => {
    const known = indexes.get(key);
    if (known) return known;
    const { dimensions } = modelOf(key);
    const collection = options.collection(dimensions);
    const opening = options.open({ ...collection, name: `${collection.name}_${versionHash(key)}` });
    indexes.set(key, opening);
    opening.catch(() => indexes.delete(key));
    return opening;
  };
  const embedders = new Map([[wanted, embedder]]);
  const embedderOf = (key: string): E | undefined => {
    const known = embedders.get(key) ?? options.embedderFor?.(modelOf(key));
    if (known) embedders.set(key, known);
    return known;
  };
  const targetOf = async (key: string, by: E) => vectorTarget(await indexOf(key), by);

  const earlier = [];
  for (const row of await readVersions(store, projection)) {
    // Another derivation is another code: only what this code derives can be kept up to date.
    if (row.state === 'retired' || row.version === wanted || !row.version.startsWith(`${version}:`)) continue;
    const by = embedderOf(row.version);
    if (by) earlier.push(await targetOf(row.version, by));
  }
  const live = async (): Promise<LiveVectors<E>> => {
    const versionKey = (await follow()) ?? wanted;
    return { versionKey, index: await indexOf(versionKey), embedder: embedderOf(versionKey) };
  };
  return {
    targets: [await targetOf(wanted, embedder), ...earlier],
    live,
    reader: readerOf(async () => (await live()).index),
    async drop(versionKey) {
      const index = await indexOf(versionKey);
      indexes.delete(versionKey);
      await index.drop();
      const others = (await readVersions(store, projection)).filter((row) => row.version !== versionKey);
      await options.onDropped?.([embedder, ...others.map((row) => modelOf(row.version))]);
    },
  };
}

/** As `defineProjection` and `vectorTarget` make it. */
function keyOf(version: number, { name, version: revision, dimensions }: EmbeddingModel): string {
  return `${version}:${name}@${revision}/${dimensions}`;
}

function modelOf(versionKey: string): EmbeddingModel {
  const [, name, version, dimensions] = /^\d+:(.+)@(\d+)\/(\d+)$/.exec(versionKey) ?? [];
  if (name === undefined) throw new LoomError('CONFIG_INVALID', `"${versionKey}" is no version of a vector projection.`);
  return { name, version: Number(version), dimensions: Number(dimensions) };
}

function readerOf(index: () => Promise<VectorIndex>): VectorReader {
  return {
    get: async (ids) => (await index()).get(ids),
    searchByText: async (query) => (await index()).searchByText(query),
    searchLikeEach: async (ids, query) => (await index()).searchLikeEach(ids, query),
    suggest: async (prefix, options) => (await index()).suggest(prefix, options),
    entries: async (ids, options) => (await index()).entries(ids, options),
    count: async () => (await index()).count(),
    health: async () => (await index()).health(),
  };
}
