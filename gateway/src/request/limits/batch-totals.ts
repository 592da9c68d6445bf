import type { DocumentNode } from 'graphql';
import { tooCostly, type Demand } from '../cost/demand.js';
import type { DocumentLimits } from './document-limits.js';
import { LimitExceededError } from './limit-exceeded.js';
import { measureDocument } from './measure-document.js';

/** What the operations of one batch come to together: a batch may not ask for more than one operation may. */
export interface BatchTotals {
  /** @throws LimitExceededError for the operation that is too much; what was added before is executed */
  add(operation: { readonly document: DocumentNode }, demand: Demand | undefined): void;
}

export function createBatchTotals(limits: DocumentLimits): BatchTotals {
  let [rootFields, aliases, selections, cost] = [0, 0, 0, 0];
  return {
    add({ document }, demand) {
      const size = measureDocument(document, limits);
      rootFields += size.rootFields;
      aliases += size.aliases;
      selections += size.selections;
      cost += demand?.estimate ?? 0;
      if (rootFields > limits.maxRootFields) {
        throw new LimitExceededError(`The operations of the batch select ${rootFields} fields at their roots`, {
          limit: 'rootFields',
          max: limits.maxRootFields,
          counted: rootFields,
        });
      }
      if (aliases > limits.maxAliases) {
        throw new LimitExceededError(`The operations of the batch come to ${aliases} aliases`, {
          limit: 'aliases',
          max: limits.maxAliases,
          counted: aliases,
        });
      }
      if (selections > limits.maxSelections) {
        throw new LimitExceededError(`The operations of the batch expand to ${selections} selections`, {
          limit: 'selections',
          max: limits.maxSelections,
          counted: selections,
        });
      }
      if (demand !== undefined && cost > demand.max) {
        throw tooCostly(`The operations of the batch may cost ${cost}`, { max: demand.max, counted: cost });
      }
    },
  };
}
