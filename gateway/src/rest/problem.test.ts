import { errorCatalogue, type ErrorCode } from '@loomgraph/core';
import { problemOf } from './problem.js';

const statusOf = (code: string, details?: object): number =>
  problemOf([{ message: 'm', extensions: { code, ...(details && { details }) } }], 'r').status;

describe('R7 problems', () => {
  it('have a status of their own where GraphQL has none', () => {
    expect([statusOf('NOT_FOUND'), statusOf('CONFLICT'), statusOf('FORBIDDEN'), statusOf('RATE_LIMITED')]).toEqual([404, 409, 403, 429]);
    expect(['too-large', 'type', 'expired', 'infected'].map((reason) => statusOf('FILE_REFUSED', { reason }))).toEqual([
      413, 415, 410, 422,
    ]);
    expect(statusOf('FILE_REFUSED', { reason: 'constructor' })).toBe(422);
  });

  it('are never a success, whatever the code, and failures of ours where it is unknown', () => {
    // Answered before an operation runs, and never to a route: nothing is persisted here.
    const persisted = new Set(['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_NOT_SUPPORTED']);
    const codes = (Object.keys(errorCatalogue) as ErrorCode[]).filter((code) => !persisted.has(code));
    expect(codes.filter((code) => statusOf(code) < 400)).toEqual([]);
    expect([statusOf('toString'), statusOf('WHATEVER')]).toEqual([500, 500]);
  });

  it('say what GraphQL says', () => {
    expect(problemOf([{ message: 'No such thing.', extensions: { code: 'NOT_FOUND', details: { id: 'x' } } }], 'r1')).toEqual({
      status: 404,
      title: errorCatalogue.NOT_FOUND.description,
      detail: 'No such thing.',
      code: 'NOT_FOUND',
      requestId: 'r1',
      details: { id: 'x' },
    });
  });
});
