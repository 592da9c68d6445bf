import type { Embedder } from '@loomgraph/ai';
import type { StoreSet } from '@loomgraph/stores';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { VectorCollection } from '@loomgraph/stores/vectors';
import {
  defineVersionedProjection,
  openVersionedVectors,
  type EmbeddingModel,
  type Projection,
  type SourceDocument,
  type VectorContent,
  type VersionedTargets,
  type VersionedVectors,
} from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import { yearly } from '../domain/jobs/salary.js';
import { areasOf } from '../domain/recommendations/areas.js';
import { JobEntity } from '../store/jobs/job.entity.js';
import { toJob, type JobRow } from '../store/jobs/job.rows.js';
import type { Job } from '../domain/jobs/job.js';

type JobSource = Pick<Job, 'title' | 'companyId' | 'workMode' | 'salary'> & {
  readonly text: string;
  readonly areas: readonly string[];
  readonly expiresAt: number;
};

export const jobCollection = (dimensions: number): VectorCollection => ({
  name: 'jobs',
  dimensions,
  embeddings: { content: { indexed: true } },
  attributes: { companyId: 'text', workMode: 'text', areas: 'text[]', currency: 'text', yearlySalary: 'number', openUntil: 'number' },
});

export const JOB_VECTORS = 'job-vectors';
/** Raised when `loadJobs` or `deriveJob` change their meaning, or the collection its shape. */
const VERSION = 1;
/** What a posting is about stands at its beginning; UTF-16 code units. */
const EMBEDDED = 4_000;
/** Of a job that does not expire. */
const NEVER = Number.MAX_SAFE_INTEGER;

export interface JobVectorsOptions {
  readonly store: RelationalStore;
  readonly stores: Pick<StoreSet, 'vectors'>;
  readonly embedder: Embedder;
  /** Makes the embeddings of a version that was built with another model, where that is still to be had. */
  readonly embedderFor?: ((model: EmbeddingModel) => Embedder | undefined) | undefined;
}

/** The collections of all versions; reads follow the one that serves. */
export function openJobVectors(options: JobVectorsOptions): Promise<VersionedVectors<Embedder>> {
  const { store, stores, embedder, embedderFor } = options;
  return openVersionedVectors({
    store,
    projection: JOB_VECTORS,
    version: VERSION,
    open: (collection) => stores.vectors(collection),
    collection: jobCollection,
    embedder,
    ...(embedderFor ? { embedderFor } : {}),
  });
}

/** A document for each published job: its embedding, its words, what it is filtered by. */
export function jobVectors(storages: VersionedTargets<VectorContent>): readonly Projection[] {
  return defineVersionedProjection<JobSource, VectorContent>(
    { name: JOB_VECTORS, version: VERSION, source: 'Job', load: loadJobs, derive: deriveJob },
    storages,
  );
}

export function deriveJob({ title, text, companyId, workMode, areas, salary, expiresAt }: JobSource): VectorContent {
  return {
    title,
    text,
    attributes: {
      companyId,
      workMode,
      areas,
      currency: salary?.currency ?? null,
      yearlySalary: salary && yearly(salary.max, salary.period),
      openUntil: expiresAt,
    },
    embed: { content: text.slice(0, EMBEDDED).toWellFormed() },
  };
}

/** Those that are published: a job that is closed leaves. */
export async function loadJobs(ids: readonly string[], em: EntityManager): Promise<SourceDocument<JobSource>[]> {
  const rows = await em.find(JobEntity, { id: { $in: [...ids] }, status: 'published' }, { populate: ['text'] });
  return rows.map((row) => {
    const job = toJob(row as unknown as JobRow);
    const { id, revision, title, companyId, workMode, salary, expiresAt } = job;
    const value = { title, text: row.text, companyId, workMode, areas: areasOf(job), salary, expiresAt: expiresAt?.getTime() ?? NEVER };
    return { id, revision, value };
  });
}
