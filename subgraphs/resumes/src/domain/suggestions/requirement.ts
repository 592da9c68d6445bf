import type { Degree } from '../understanding/education.js';
import type { Skill } from '../understanding/skills.js';
import type { SpokenLanguage } from '../understanding/spoken-languages.js';
import type { Seniority } from '../understanding/titles.js';
import type { Evidence } from './evidence.js';

/** Whether somebody without it is out, or only behind. */
export type Importance = 'required' | 'preferred';

/** What a job can ask for. */
export type Asked =
  /** One of them is enough. */
  | { readonly kind: 'skill'; readonly anyOf: readonly Skill[] }
  | { readonly kind: 'years'; readonly years: number }
  /** Or a higher one. */
  | { readonly kind: 'degree'; readonly degree: Degree }
  | ({ readonly kind: 'language' } & SpokenLanguage)
  | { readonly kind: 'seniority'; readonly rank: Seniority };

export type RequirementKind = Asked['kind'];
export type AskedOf<Kind extends RequirementKind> = Extract<Asked, { kind: Kind }>;

/** Something a job asks for, and where it does. */
export interface Requirement<What extends Asked = Asked> {
  readonly asked: What;
  readonly importance: Importance;
  /** A skill that the title names: what the job is about. */
  readonly inTitle: boolean;
  readonly evidence: Evidence<'job'>;
}

/** More than any job asks for; what a longer text names after these is not compared. */
export const MAX_REQUIREMENTS = 100;
