import { retryAfterMs } from './retry-after.js';

it('reads seconds and dates, and nothing else', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  expect(retryAfterMs('3', now)).toBe(3_000);
  expect(retryAfterMs('Thu, 01 Jan 2026 00:00:05 GMT', now)).toBe(5_000);
  expect(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now)).toBe(0);
  expect([undefined, '', 'soon', ['3']].map((header) => retryAfterMs(header, now))).toEqual([undefined, undefined, undefined, undefined]);
});
