import { createLexicalEmbedder } from '@loomgraph/ai';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { VectorCollection } from '@loomgraph/stores/vectors';
import {
  cacheTarget,
  defineProjection,
  graphTarget,
  vectorTarget,
  type GraphContent,
  type Projection,
  type ProjectionTarget,
  type SourceDocument,
  type VectorContent,
} from '@loomgraph/sync';
import { BenchTemplate } from './record.ts';
import type { BenchRow } from './rows.ts';
import { DIMENSIONS, type BenchSettings, type TargetName } from './settings.ts';
import { openTableTarget } from './table-target.ts';

export interface ProjectionOptions {
  readonly settings: BenchSettings;
  /** Part of collection, label and key names: the database's. */
  readonly name: string;
  /** Whether embeddings get an approximate index, as templates' have. */
  readonly vectorIndex: 'hnsw' | 'none';
}

/** A projection of the bench's records into one target, shaped as those of templates are. */
export async function openProjection(stores: StoreSet, target: TargetName, options: ProjectionOptions): Promise<Projection> {
  // What a target is given is what `derive` makes for it.
  const projected = (await openTarget[target](stores, options)) as ProjectionTarget<unknown>;
  return defineProjection<BenchRow, unknown>({
    name: `bench-${target}`,
    version: 1,
    source: 'BenchTemplate',
    load: loadRows,
    derive: (row) => derive[target](row, options.name),
    target: projected,
  });
}

export function collectionOf({ name, vectorIndex }: Pick<ProjectionOptions, 'name' | 'vectorIndex'>): VectorCollection {
  return {
    name: `${name}_${DIMENSIONS}`,
    dimensions: DIMENSIONS,
    embeddings: { content: { indexed: vectorIndex === 'hnsw' } },
    attributes: { category: 'text', language: 'text' },
  };
}

const labelOf = (name: string): string => `Bench_${name}`;
const categoryLabelOf = (name: string): string => `${labelOf(name)}_Category`;
const cachePrefixOf = (name: string): string => `bench:${name}:`;
export const textOf = ({ name, category, description }: BenchRow): string => `${name}\n${category}\n${description}`;

const derive: Readonly<Record<TargetName, (row: BenchRow, name: string) => unknown>> = {
  vectors: (row): VectorContent => ({
    title: row.name,
    text: textOf(row),
    attributes: { category: row.category, language: row.language },
    embed: { content: textOf(row) },
  }),
  graph: ({ name: title, category, language }, name): GraphContent => ({
    properties: { name: title, language },
    ownedEdges: ['BELONGS_TO'],
    edges: [{ type: 'BELONGS_TO', to: { label: categoryLabelOf(name), id: category }, properties: {}, weight: 1 }],
  }),
  cache: (row) => row,
  table: (row) => row,
};

type OpenTarget = (stores: StoreSet, options: ProjectionOptions) => Promise<ProjectionTarget<never>>;

const openTarget: Readonly<Record<TargetName, OpenTarget>> = {
  vectors: async (stores, options) =>
    vectorTarget(await stores.vectors(collectionOf(options)), createLexicalEmbedder({ dimensions: DIMENSIONS })),
  graph: async (stores, { name }) => graphTarget(await stores.graph([labelOf(name), categoryLabelOf(name)]), labelOf(name)),
  cache: async (stores, { name }) => cacheTarget({ cache: await stores.cache(), prefix: cachePrefixOf(name), ttlMs: 86_400_000 }),
  table: (_stores, { settings, name }) => openTableTarget(settings, name),
};

async function loadRows(ids: readonly string[], em: ReturnType<RelationalStore['read']>): Promise<SourceDocument<BenchRow>[]> {
  const rows = await em.find(BenchTemplate, { id: { $in: [...ids] } });
  return rows.map(({ id, revision, name, category, language, description }) => ({
    id,
    revision,
    value: { id, name, category, language, description },
  }));
}
