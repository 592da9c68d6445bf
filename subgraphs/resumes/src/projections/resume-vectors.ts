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
  type Trigger,
  type VectorContent,
  type VersionedTargets,
  type VersionedVectors,
} from '@loomgraph/sync';
import type { EntityManager } from '@mikro-orm/sql';
import { comparableText } from '../domain/search/comparable-text.js';
import type { Analysis } from '../domain/understanding/analyse.js';
import { PassageEntity, ResumeEntity, UnderstandingEntity } from '../store/entities.js';

/** What search needs to know of a passage: itself, and what is filtered by of the resume that it is of. */
interface PassageSource {
  readonly text: string;
  /** What of the text is embedded; may be empty. */
  readonly comparable: string;
  readonly section: string;
  readonly resumeId: string;
  readonly userId: string;
  readonly title: string;
  readonly language: string;
  readonly updatedAt: number;
  readonly textLanguage: string;
  readonly seniority: string | null;
  readonly years: number | null;
  readonly skills: readonly string[];
  readonly spokenLanguages: readonly string[];
}

export const passageCollection = (dimensions: number): VectorCollection => ({
  name: 'resume_passages',
  dimensions,
  embeddings: { content: { indexed: true } },
  attributes: {
    resumeId: 'text',
    userId: 'text',
    section: 'text',
    language: 'text',
    textLanguage: 'text',
    seniority: 'text',
    years: 'number',
    skills: 'text[]',
    spokenLanguages: 'text[]',
    updatedAt: 'number',
  },
});

/** A passage is filtered by what its resume says of itself. */
const passagesOfResume: Trigger = {
  on: 'Resume',
  async ids(resumeIds, em, { after, limit }) {
    const passages = await em.find(
      PassageEntity,
      { resumeId: { $in: [...resumeIds] }, ...(after !== undefined && { id: { $gt: after } }) },
      { fields: ['id'], orderBy: { id: 'asc' }, limit },
    );
    return passages.map(({ id }) => id);
  },
};

export const RESUME_VECTORS = 'resume-vectors';
/** Raised when `loadPassages` or `derivePassage` change their meaning, or the collection its shape. */
const VERSION = 1;

export interface ResumeVectorsOptions {
  readonly store: RelationalStore;
  readonly stores: Pick<StoreSet, 'vectors'>;
  readonly embedder: Embedder;
  /** Makes the embeddings of a version that was built with another model, where that is still to be had. */
  readonly embedderFor?: ((model: EmbeddingModel) => Embedder | undefined) | undefined;
}

/** The collections of all versions; reads follow the one that serves. */
export function openResumeVectors(options: ResumeVectorsOptions): Promise<VersionedVectors<Embedder>> {
  const { store, stores, embedder, embedderFor } = options;
  return openVersionedVectors({
    store,
    projection: RESUME_VECTORS,
    version: VERSION,
    open: (collection) => stores.vectors(collection),
    collection: passageCollection,
    embedder,
    ...(embedderFor ? { embedderFor } : {}),
  });
}

/** A document for each passage: its embedding, its words, the filters of its resume. */
export function resumeVectors(storages: VersionedTargets<VectorContent>): readonly Projection[] {
  return defineVersionedProjection<PassageSource, VectorContent>(
    {
      name: RESUME_VECTORS,
      version: VERSION,
      source: 'ResumePassage',
      triggers: [passagesOfResume],
      load: loadPassages,
      derive: derivePassage,
    },
    storages,
  );
}

/** Without an embedding where there is nothing to compare: such a passage is found by its words alone. */
export function derivePassage({ text, comparable, title, ...attributes }: PassageSource): VectorContent {
  return { title, text, attributes, embed: comparable === '' ? {} : { content: comparable } };
}

/** Those whose version is understood: a passage goes in the transaction in which that ends. */
export async function loadPassages(ids: readonly string[], em: EntityManager): Promise<SourceDocument<PassageSource>[]> {
  const passages = await em.find(PassageEntity, { id: { $in: [...ids] } });
  const resumeIds = [...new Set(passages.map(({ resumeId }) => resumeId))];
  const versionIds = [...new Set(passages.map(({ versionId }) => versionId))];
  const resumes = new Map((await em.find(ResumeEntity, { id: { $in: resumeIds } })).map((resume) => [resume.id, resume]));
  const texts = new Map(
    (await em.find(UnderstandingEntity, { versionId: { $in: versionIds }, state: 'done' })).map(({ versionId, text, analysis }) => [
      versionId,
      { text: text ?? '', analysis: JSON.parse(analysis ?? 'null') as Analysis | null }, // as `saveUnderstanding` wrote it
    ]),
  );
  return passages.flatMap(({ id, revision, resumeId, versionId, kind, start, end }) => {
    const resume = resumes.get(resumeId);
    const { text = '', analysis } = texts.get(versionId) ?? {};
    if (!resume || !analysis) return [];
    const value = {
      text: text.slice(start, end),
      comparable: comparableText(text, { start, end }, analysis.contact),
      section: kind,
      resumeId,
      userId: resume.userId,
      title: resume.title,
      language: resume.language,
      updatedAt: resume.updatedAt.getTime(),
      textLanguage: analysis.textLanguage,
      seniority: analysis.seniority?.value ?? null,
      years: analysis.years?.value ?? null,
      skills: analysis.skills.map((skill) => skill.value.name),
      spokenLanguages: analysis.languages.map((spoken) => spoken.value.language),
    };
    return [{ id, revision, value }];
  });
}
