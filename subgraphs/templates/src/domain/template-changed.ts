import type { Clock, IdSource } from '@loomgraph/core';
import { createEvent, eventCatalogue } from '@loomgraph/events';
import type { TemplateWriter } from './ports.js';

/** Tells others of a change, with the transaction that makes it. */
export function tellChanged(
  writer: Pick<TemplateWriter, 'append'>,
  payload: { readonly templateId: string; readonly change: 'created' | 'updated' | 'deleted' },
  deps: { readonly clock: Clock; readonly ids: IdSource },
): void {
  writer.append(createEvent(eventCatalogue['templates.changed'], payload, deps));
}
