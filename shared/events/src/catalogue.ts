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

const templatesChanged = defineEvent({
  type: 'templates.changed',
  version: 1,
  schema: z.object({
    templateId: id.describe('The template.'),
    change: z.enum(['created', 'updated', 'deleted']).describe('What became of it.'),
  }),
  doc: 'A template was made, changed or deleted, or lost a rating. Uses and ratings have events of their own.',
  keyDoc: 'templateId',
  key: ({ templateId }) => templateId,
});

const auditText = z.string().min(1).max(191);

const auditRecorded = defineEvent({
  type: 'audit.recorded',
  version: 1,
  schema: z.object({
    source: auditText.describe('The process that tells of them.'),
    entries: z
      .array(
        z.object({
          actor: z
            .object({ userId: auditText, sessionId: auditText, apiKeyId: auditText, address: auditText })
            .partial()
            .describe('Who, by ids; the address is truncated.'),
          action: auditText.describe('What, as `<noun>.<verb>`.'),
          resource: z.object({ type: auditText, id: auditText.optional() }).describe('To what.'),
          outcome: z.enum(['allowed', 'denied', 'failed']).describe('How it ended.'),
          reason: auditText.optional().describe('Why not: a code.'),
          occurredAt: z.iso.datetime().describe('When, ISO 8601 in UTC.'),
          requestId: auditText.optional().describe('The request.'),
          details: z
            .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
            .optional()
            .describe('Ids, codes and counts.'),
        }),
      )
      .min(1)
      .max(1_000)
      .describe('In the order they happened.'),
  }),
  doc: 'A process has something for the audit log, which the accounts subgraph keeps. Any process publishes it.',
  keyDoc: 'source',
  key: ({ source }) => source,
});

const accountsUserErased = defineEvent({
  type: 'accounts.user-erased',
  version: 1,
  schema: z.object({
    userId: id.describe('Whose data must go.'),
    erasedAt: z.iso.datetime().describe('When it was decided, ISO 8601 in UTC.'),
  }),
  doc: 'A user was erased: every subgraph removes what it holds of them, or takes their id off it.',
  keyDoc: 'userId',
  key: ({ userId }) => userId,
});

const accountsExportRequested = defineEvent({
  type: 'accounts.export-requested',
  version: 1,
  schema: z.object({
    exportId: id.describe('The export.'),
    userId: id.describe('Whose data is wanted.'),
    objectPrefix: id.describe('Where in the object store the parts go: `<objectPrefix><subgraph>.json`.'),
    requestedAt: z.iso.datetime().describe('When, ISO 8601 in UTC.'),
  }),
  doc: 'All data of a user is wanted: every subgraph that holds some writes it into the object store.',
  keyDoc: 'userId',
  key: ({ userId }) => userId,
});

const accountsPermissionsChanged = defineEvent({
  type: 'accounts.permissions-changed',
  version: 1,
  schema: z.object({ version: z.int().min(1).describe('The version of the policy from then on; authorizers read what changed.') }),
  doc: 'Roles, groups or grants changed: who keeps a copy of the policy brings it up to date.',
  keyDoc: 'always `policy`, so that versions come in order',
  key: () => 'policy',
});

/** Every event, by type: the only data contract between subgraphs. `docs/events.md` is generated from it. */
export const eventCatalogue = {
  'templates.used': templatesUsed,
  'templates.rated': templatesRated,
  'templates.changed': templatesChanged,
  'audit.recorded': auditRecorded,
  'accounts.user-erased': accountsUserErased,
  'accounts.export-requested': accountsExportRequested,
  'accounts.permissions-changed': accountsPermissionsChanged,
} as const;

export type EventCatalogue = typeof eventCatalogue;
export type EventType = keyof EventCatalogue;
