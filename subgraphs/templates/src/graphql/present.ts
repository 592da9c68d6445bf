import type { Rating, Template as TemplateRecord } from '../domain/template.js';
import { averageRating } from '../domain/template.js';
import type { Template, TemplateRating } from './template.type.js';

/** The record as the schema shows it. */
export function toTemplate(record: TemplateRecord): Template {
  return {
    id: record.id,
    slug: record.slug,
    name: record.name,
    description: record.description,
    content: record.content,
    variables: record.variables,
    preview: record.preview,
    usage: record.usage,
    rating: averageRating(record),
    ratingCount: record.ratingCount,
    isActive: record.isActive,
    tags: record.tags,
    industry: record.industry,
    experienceLevel: record.experienceLevel,
    language: record.language,
    version: record.version,
    difficulty: record.difficulty,
    estimatedTime: record.estimatedTimeMinutes,
    createdBy: record.createdBy,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    revision: record.revision,
    categoryId: record.categoryId,
  };
}

export function toTemplateRating(record: Rating): TemplateRating {
  return {
    userId: record.userId,
    rating: record.hundredths / 100,
    review: record.review,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
  };
}
