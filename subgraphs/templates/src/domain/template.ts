/** A resume template, the record this subgraph owns. */
export interface Template {
  readonly id: string;
  /** Stable name given by an import; unique where present. */
  readonly slug: string | null;
  readonly name: string;
  readonly categoryId: string;
  readonly description: string;
  readonly content: string;
  /** Variables the content uses, by name. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** URL or object key of a picture. */
  readonly preview: string | null;
  /** How often it was used, by anyone. */
  readonly usage: number;
  /** Sum of all ratings in hundredths: integers keep the average exact. */
  readonly ratingSum: number;
  readonly ratingCount: number;
  readonly isActive: boolean;
  readonly tags: readonly string[];
  readonly industry: string | null;
  readonly experienceLevel: string | null;
  /** BCP 47 tag of the text's language. */
  readonly language: string;
  /** The author's version label. */
  readonly version: string;
  /** 1 (easy) to 5. */
  readonly difficulty: number;
  readonly estimatedTimeMinutes: number;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Rises by one with every committed change. */
  readonly revision: number;
}

export interface Category {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly revision: number;
}

export interface Rating {
  readonly templateId: string;
  readonly userId: string;
  /** 0 to 500. */
  readonly hundredths: number;
  readonly review: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface Usage {
  readonly templateId: string;
  readonly userId: string;
  readonly count: number;
  readonly lastUsedAt: Date;
}

/** What an author writes; everything else is the product's. */
export interface TemplateFields {
  name: string;
  slug?: string | null;
  categoryId: string;
  description?: string;
  content?: string;
  variables?: Record<string, unknown>;
  preview?: string | null;
  isActive?: boolean;
  tags?: readonly string[];
  industry?: string | null;
  experienceLevel?: string | null;
  language?: string;
  version?: string;
  difficulty?: number;
  estimatedTimeMinutes?: number;
}

/** The documented defaults (T1). */
export const templateDefaults = {
  description: '',
  content: '',
  isActive: true,
  language: 'zh',
  version: '1.0',
  difficulty: 1,
  estimatedTimeMinutes: 30,
} as const;

export const limits = {
  nameLength: 200,
  descriptionLength: 5_000,
  contentLength: 200_000,
  reviewLength: 5_000,
  tags: 50,
  tagLength: 50,
  labelLength: 100,
  queryLength: 1_000,
} as const;

/** The mean rating, 0 to 5; 0 when nobody has rated. */
export function averageRating(template: Pick<Template, 'ratingSum' | 'ratingCount'>): number {
  return template.ratingCount === 0 ? 0 : template.ratingSum / 100 / template.ratingCount;
}

/** Average in ten-thousandths, for ordering: integers compare alike in every database. */
export function ratingRank(ratingSum: number, ratingCount: number): number {
  return ratingCount === 0 ? 0 : Math.round((ratingSum * 100) / ratingCount);
}
