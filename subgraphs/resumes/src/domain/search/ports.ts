import type { ResourceFilter } from '@loomgraph/core';
import type { SectionKind } from '../understanding/sections.js';
import type { Seniority } from '../understanding/titles.js';
import type { Passage } from './passages.js';

/** Every given condition must hold. */
export interface ResumeSearchFilter {
  readonly userId?: string;
  /** All of them, by any of their names. */
  readonly skills?: readonly string[];
  readonly minYears?: number;
  /** One of these. */
  readonly seniority?: readonly Seniority[];
  /** As the owner said it. */
  readonly language?: string;
  /** As the text is. */
  readonly textLanguage?: 'zh' | 'en' | 'mixed';
  /** All of them, ISO 639. */
  readonly spokenLanguages?: readonly string[];
  /** Only in these sections. */
  readonly sections?: readonly SectionKind[];
  readonly updatedAfter?: Date;
}

export const searchModes = ['semantic', 'text', 'hybrid'] as const;
export type SearchMode = (typeof searchModes)[number];

/** Something that was found: a passage, a job. */
export interface RankedHit {
  readonly id: string;
  readonly score: number;
}

export interface FusedHit extends RankedHit {
  readonly semanticRank?: number;
  readonly textRank?: number;
}

/** What fits one question, best first, at most `limit`: a longer ranking begins with the shorter one. */
export interface Rankings {
  /** Undefined where the model that made the vectors is not to be had. */
  readonly semantic: ((limit: number) => Promise<readonly RankedHit[]>) | undefined;
  readonly text: (limit: number) => Promise<readonly RankedHit[]>;
}

/** Ranks passages where they are projected to. */
export interface PassageSearch {
  readonly model: string;
  readonly similarity: 'lexical' | 'semantic';
  /** Words of a text as they are searched, in lower case. */
  words(text: string): readonly string[];
  /** Two rankings as one, best first; the places are from 1, absent where it is not in that ranking. */
  fuse(semantic: readonly RankedHit[], text: readonly RankedHit[]): readonly FusedHit[];
  /** @param resumeIds the resumes it is confined to; undefined for all */
  rank(text: string, filter: ResumeSearchFilter & { readonly resumeIds?: readonly string[] }): Promise<Rankings>;
}

export interface KeptPassage extends Passage {
  readonly id: string;
  readonly resumeId: string;
  readonly versionId: string;
}

/** What a search asks of the record. */
export interface SearchReader {
  /** The resumes that fit; undefined where all do. */
  visibleResumeIds(visible: ResourceFilter): Promise<readonly string[] | undefined>;
  passagesByIds(ids: readonly string[]): Promise<readonly KeptPassage[]>;
  /** By resume, the id of its newest version that is understood: the one that is searched. */
  understoodVersionsOf(resumeIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** By version, of those that are understood. */
  textsOf(versionIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
