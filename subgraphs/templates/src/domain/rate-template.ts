import type { Clock, IdSource } from '@loomgraph/core';
import { createEvent, eventCatalogue } from '@loomgraph/events';
import { TemplateNotFound } from './errors.js';
import type { TemplateUnitOfWork, TemplateWriter } from './ports.js';
import { averageRating, type Rating, type Template } from './template.js';
import { tellChanged } from './template-changed.js';

export interface RateTemplate {
  /** Sets or replaces the user's rating. `rating` is 0 to 5 in hundredths at most. */
  rate(command: {
    templateId: string;
    userId: string;
    rating: number;
    review?: string | null;
  }): Promise<{ template: Template; rating: Rating }>;
  /** @returns the template without the user's rating; it need not have had one */
  withdraw(command: { templateId: string; userId: string }): Promise<Template>;
}

/**
 * One rating per user and template. The template row is locked first, so concurrent raters add up one after the other and the integer sum
 * and count stay exact.
 */
export function createRateTemplate(deps: { unitOfWork: TemplateUnitOfWork; clock: Clock; ids: IdSource }): RateTemplate {
  const shift = async (writer: TemplateWriter, template: Template, by: { sum: number; count: number }): Promise<Template> => {
    if (by.sum === 0 && by.count === 0) return template;
    const ratingSum = template.ratingSum + by.sum;
    const ratingCount = template.ratingCount + by.count;
    await writer.updateTemplate(template.id, { ratingSum, ratingCount });
    return { ...template, ratingSum, ratingCount, revision: template.revision + 1 };
  };

  return {
    rate: ({ templateId, userId, rating, review = null }) =>
      deps.unitOfWork.run(async (writer) => {
        const template = await writer.lockTemplate(templateId);
        if (!template) throw new TemplateNotFound(templateId);
        const previous = await writer.rating(templateId, userId);
        const now = deps.clock.now();
        const next: Rating = {
          templateId,
          userId,
          hundredths: Math.round(rating * 100),
          review,
          createdAt: previous?.createdAt ?? now,
          updatedAt: now,
        };
        await writer.saveRating(next);
        const rated = await shift(writer, template, { sum: next.hundredths - (previous?.hundredths ?? 0), count: previous ? 0 : 1 });
        writer.append(
          createEvent(
            eventCatalogue['templates.rated'],
            { templateId, userId, rating, average: averageRating(rated), count: rated.ratingCount },
            deps,
          ),
        );
        return { template: rated, rating: next };
      }),
    withdraw: ({ templateId, userId }) =>
      deps.unitOfWork.run(async (writer) => {
        const template = await writer.lockTemplate(templateId);
        if (!template) throw new TemplateNotFound(templateId);
        const previous = await writer.rating(templateId, userId);
        if (!previous) return template;
        await writer.deleteRating(templateId, userId);
        tellChanged(writer, { templateId, change: 'updated' }, deps);
        return shift(writer, template, { sum: -previous.hundredths, count: -1 });
      }),
  };
}
