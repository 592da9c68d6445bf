import { mergeSyncAnswers, readSyncAnswer } from './answer.js';
import { decodeSyncToken, encodeSyncToken, mergeSyncTokens } from './codec.js';
import { readSyncExtension, readSyncHeaders, toSyncHeaders } from './request.js';

const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const token = (at: Record<string, [number, number]>): string => encodeSyncToken(new Map(Object.entries(at)));

describe('sync tokens', () => {
  it('come back as they were', () => {
    expect([...decodeSyncToken(token({ templates: [17, 19], stores: [1, 1] }))]).toEqual([
      ['templates', [17, 19]],
      ['stores', [1, 1]],
    ]);
  });

  it('merge to one that waits for all', () => {
    const merged = mergeSyncTokens(token({ a: [5, 6] }), token({ a: [3, 4], b: [9, 9] }), token({ a: [6, 8] }));
    expect(Object.fromEntries(decodeSyncToken(merged))).toEqual({ a: [3, 8], b: [9, 9] });
    expect(mergeSyncTokens(token({ a: [5, 6] }))).toBe(token({ a: [5, 6] }));
  });

  it.each([
    ['no base64url', 'a b'],
    ['empty', ''],
    ['another text', 'aGVsbG8'],
    ["somebody's JWT", 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln'],
    ['a list', text([1])],
    ['without version', text({ at: { a: [1, 2] } })],
    ['of a newer version', text({ v: 2, at: { a: [1, 2] } })],
    ['without a subgraph', text({ v: 1, at: {} })],
    ['with a name of no subgraph', text({ v: 1, at: { 'a b': [1, 2] } })],
    ['backwards', text({ v: 1, at: { a: [3, 2] } })],
    ['of ids that are none', text({ v: 1, at: { a: [0, 2] } })],
    ['of texts', text({ v: 1, at: { a: ['1', '2'] } })],
    ['with half a position', text({ v: 1, at: { a: [1] } })],
    ['beyond what a number holds', text({ v: 1, at: { a: [1, 2 ** 60] } })],
    ['too long', 'a'.repeat(5_000)],
  ])('%s is refused', (_what, forged) => {
    expect(() => decodeSyncToken(forged)).toThrow(expect.objectContaining({ code: 'INVALID_SYNC_TOKEN' }));
  });
});

describe('what a request asks', () => {
  const known = token({ a: [1, 2] });

  it('is read from extensions and headers alike, and carried on by headers', () => {
    const asked = { token: known, waitMs: 250, onTimeout: 'FAIL' } as const;
    expect(readSyncExtension(asked)).toEqual(asked);
    const headers = new Map(toSyncHeaders(asked));
    expect(readSyncHeaders((name) => headers.get(name))).toEqual(asked);
  });

  it('is nothing without a token, and has defaults with one', () => {
    expect(readSyncExtension(undefined)).toBeUndefined();
    expect(readSyncExtension({ waitMs: 5 })).toBeUndefined();
    expect(readSyncHeaders(() => undefined)).toBeUndefined();
    expect(toSyncHeaders(undefined)).toEqual([]);
    expect(readSyncExtension({ token: known })).toEqual({ token: known, waitMs: 2_000, onTimeout: 'STALE' });
  });

  it.each([
    [{ token: known, waitMs: -1 }, 'BAD_USER_INPUT'],
    [{ token: known, waitMs: 30_001 }, 'BAD_USER_INPUT'],
    [{ token: known, waitMs: '5' }, 'BAD_USER_INPUT'],
    [{ token: known, onTimeout: 'WAIT' }, 'BAD_USER_INPUT'],
    ['token', 'BAD_USER_INPUT'],
    [{ token: 7 }, 'INVALID_SYNC_TOKEN'],
    [{ token: 'forged' }, 'INVALID_SYNC_TOKEN'],
  ])('%j is refused', (asked, code) => {
    expect(() => readSyncExtension(asked)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused in headers, too', () => {
    const headers = new Map([
      ['sync-token', known],
      ['sync-wait-ms', '1e3'],
    ]);
    expect(() => readSyncHeaders((name) => headers.get(name))).toThrow(expect.objectContaining({ code: 'BAD_USER_INPUT' }));
  });
});

describe('what an answer says', () => {
  it('is that of all its parts', () => {
    const one = { token: token({ a: [1, 2] }), stale: true, lagSeconds: 2, projections: ['a/y', 'a/x'], reason: 'dead-letter' } as const;
    const other = { token: token({ a: [3, 3] }), stale: true, lagSeconds: 5, projections: ['a/x'], reason: 'timeout' } as const;
    expect(mergeSyncAnswers(one, other)).toEqual({
      token: token({ a: [1, 3] }),
      stale: true,
      lagSeconds: 5,
      projections: ['a/x', 'a/y'],
      reason: 'dead-letter',
    });
    expect(mergeSyncAnswers(undefined, other)).toBe(other);
    expect(mergeSyncAnswers({ token: one.token }, { token: other.token })).toEqual({ token: token({ a: [1, 3] }) });
  });

  it('is read from the network without trust', () => {
    const answer = { token: token({ a: [1, 2] }), stale: true, lagSeconds: 2, projections: ['a/x'], reason: 'timeout' };
    expect(readSyncAnswer(answer)).toEqual(answer);
    expect(readSyncAnswer({ token: 'forged', reason: 'because' })).toBeUndefined();
    expect(readSyncAnswer('sync')).toBeUndefined();
  });
});
