import type { Clock, IdSource } from '@loomgraph/core';
import { createEvent, eventCatalogue } from '@loomgraph/events';
import { TemplateNotFound } from './errors.js';
import type { TemplateUnitOfWork } from './ports.js';
import type { Template } from './template.js';

/** Records that a user took a template: the template's and the user's counts, and the event `templates.used`, in one transaction. */
export type UseTemplate = (command: { templateId: string; userId: string }) => Promise<{ template: Template; usageCount: number }>;

export function createUseTemplate(deps: { unitOfWork: TemplateUnitOfWork; clock: Clock; ids: IdSource }): UseTemplate {
  return ({ templateId, userId }) =>
    deps.unitOfWork.run(async (writer) => {
      const template = await writer.lockTemplate(templateId);
      if (!template) throw new TemplateNotFound(templateId);
      const now = deps.clock.now();
      await writer.updateTemplate(templateId, { usage: template.usage + 1 });
      const usageCount = await writer.addUsage(templateId, userId, now);
      writer.append(createEvent(eventCatalogue['templates.used'], { templateId, userId, usageCount, usedAt: now.toISOString() }, deps));
      return { template: { ...template, usage: template.usage + 1, revision: template.revision + 1 }, usageCount };
    });
}
