import { defineEntity, p } from '@mikro-orm/core';

export const TemplateEntity = defineEntity({
  name: 'TemplateEntity',
  tableName: 'template',
  properties: {
    id: p.string().length(36).primary(),
    slug: p.string().length(191).nullable(),
    name: p.string().length(200),
    categoryId: p.string().length(36),
    description: p.text(),
    content: p.text(),
    variables: p.json<Record<string, unknown>>(),
    preview: p.string().length(1000).nullable(),
    usage: p.integer().fieldName('usage_count'),
    ratingSum: p.integer(),
    ratingCount: p.integer(),
    ratingRank: p.integer(),
    isActive: p.boolean(),
    tags: p.json<string[]>(),
    industry: p.string().length(100).nullable(),
    experienceLevel: p.string().length(100).nullable(),
    language: p.string().length(35),
    version: p.string().length(50).fieldName('version_label'),
    difficulty: p.integer(),
    estimatedTimeMinutes: p.integer(),
    createdBy: p.string().length(64),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    revision: p.integer().version(),
  },
});

export const CategoryEntity = defineEntity({
  name: 'CategoryEntity',
  tableName: 'category',
  properties: {
    id: p.string().length(36).primary(),
    slug: p.string().length(191),
    name: p.string().length(200),
    description: p.text(),
    revision: p.integer().version(),
  },
});

export const RatingEntity = defineEntity({
  name: 'RatingEntity',
  tableName: 'template_rating',
  properties: {
    templateId: p.string().length(36).primary(),
    userId: p.string().length(64).primary(),
    hundredths: p.integer(),
    review: p.text().nullable(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
  },
});

export const UsageEntity = defineEntity({
  name: 'UsageEntity',
  tableName: 'template_usage',
  properties: {
    templateId: p.string().length(36).primary(),
    userId: p.string().length(64).primary(),
    count: p.integer().fieldName('usage_count'),
    lastUsedAt: p.datetime(3),
  },
});

/** Stands for a user in this subgraph: its revision rises with each use, so the user's edges in the graph can be fenced. */
export const TemplateUserEntity = defineEntity({
  name: 'TemplateUserEntity',
  tableName: 'template_user',
  properties: {
    id: p.string().length(64).primary(),
    lastUsedAt: p.datetime(3),
    revision: p.integer().version(),
  },
});

/** Uses per template and day, added up from the event `templates.used`. */
export const DailyUsageEntity = defineEntity({
  name: 'DailyUsageEntity',
  tableName: 'template_usage_daily',
  properties: {
    templateId: p.string().length(36).primary(),
    /** UTC day as `YYYY-MM-DD`. */
    day: p.string().length(10).primary(),
    count: p.integer().fieldName('usage_count'),
  },
});

export const entities = [TemplateEntity, CategoryEntity, RatingEntity, UsageEntity, TemplateUserEntity, DailyUsageEntity];
