import { parse } from 'graphql';
import { createBatchTotals } from './batch-totals.js';
import { defaultDocumentLimits, type DocumentLimits } from './document-limits.js';

const open = (changed: Partial<DocumentLimits> = {}) => createBatchTotals({ ...defaultDocumentLimits, ...changed });
const operation = (source: string) => ({ document: parse(source) });

describe('createBatchTotals', () => {
  it.each<[limit: string, changed: Partial<DocumentLimits>, message: string]>([
    ['rootFields', { maxRootFields: 5 }, 'The operations of the batch select 6 fields at their roots; at most 5 are allowed.'],
    ['aliases', { maxAliases: 5 }, 'The operations of the batch come to 6 aliases; at most 5 are allowed.'],
    ['selections', { maxSelections: 5 }, 'The operations of the batch expand to 6 selections; at most 5 are allowed.'],
  ])('%s: what each operation may have, all together may have', (limit, changed, message) => {
    const totals = open(changed);
    const guess = operation('{ a: login(pin: 1) b: login(pin: 2) }');
    totals.add(guess, undefined);
    totals.add(guess, undefined);
    expect(() => totals.add(guess, undefined)).toThrow(expect.objectContaining({ code: 'OPERATION_TOO_COMPLEX', limit, message }));
  });

  it('cost', () => {
    const totals = open();
    totals.add(operation('{ a }'), { estimate: 60, max: 100 });
    expect(() => totals.add(operation('{ a }'), { estimate: 60, max: 100 })).toThrow(
      expect.objectContaining({ code: 'OPERATION_TOO_COSTLY', details: { limit: 'cost', max: 100, counted: 120 } }),
    );
  });
});
