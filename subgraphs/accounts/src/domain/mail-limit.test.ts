import { createMailLimit, MAILS_PER_HOUR } from './mail-limit.js';

describe('createMailLimit', () => {
  it('lets a few mails of a kind go to an address in an hour, then none, then some again', () => {
    let now = Date.parse('2026-01-01T00:00:00Z');
    const limit = createMailLimit({ clock: { now: () => new Date(now) } });
    const ask = () => limit.allows('reset-password', 'ada@example.com');
    expect(Array.from({ length: 50 }, ask).filter(Boolean)).toHaveLength(MAILS_PER_HOUR);
    expect(limit.allows('verify-email', 'ada@example.com')).toBe(true);
    expect(limit.allows('reset-password', 'bob@example.com')).toBe(true);
    now += 3_599_999;
    expect(ask()).toBe(false);
    now += 1;
    expect(Array.from({ length: 50 }, ask).filter(Boolean)).toHaveLength(MAILS_PER_HOUR);
  });
});
