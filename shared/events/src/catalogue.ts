import { z } from 'zod';
import { defineEvent } from './define-event.js';

const id = z.string().min(1);

const templatesUsed = defineEvent({
  type: 'templates.used',
  version: 1,
  schema: z.object({
    templateId: id.describe('The template.'),
    userId: id.describe('Who used it.'),
    usageCount: z
      .int()
      .min(1)
      .describe("That user's uses of the template, this one included: a total, so that a repeated event changes nothing."),
    usedAt: z.iso.datetime().describe('When, ISO 8601 in UTC.'),
  }),
  doc: 'A user used a template for a resume.',
  keyDoc: 'templateId',
  key: ({ templateId }) => templateId,
});

const templatesRated = defineEvent({
  type: 'templates.rated',
  version: 1,
  schema: z.object({
    templateId: id.describe('The template.'),
    userId: id.describe('Who rated it.'),
    rating: z.number().min(0).max(5).describe("That user's rating, which replaces an earlier one."),
    average: z.number().min(0).max(5).describe('Mean of all ratings of the template, this one included.'),
    count: z.int().min(1).describe('How many users have rated the template.'),
  }),
  doc: 'A user rated a template, or changed their rating.',
  keyDoc: 'templateId',
  key: ({ templateId }) => templateId,
});

/** Every event, by type: the only data contract between subgraphs. `docs/events.md` is generated from it. */
export const eventCatalogue = {
  'templates.used': templatesUsed,
  'templates.rated': templatesRated,
} as const;

export type EventCatalogue = typeof eventCatalogue;
export type EventType = keyof EventCatalogue;
