import { jest } from '@jest/globals';
import { createDeadlines } from './deadlines.js';

describe('createDeadlines', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const begin = (deadlines: ReturnType<typeof createDeadlines>, expired: string[], name: string) => {
    const timed = { startedAt: performance.now(), expire: () => void expired.push(name) };
    deadlines.begin(timed);
    return timed;
  };

  it('ends each when its own time has passed, and not what has ended', () => {
    const deadlines = createDeadlines(100);
    const expired: string[] = [];
    begin(deadlines, expired, 'first');
    jest.advanceTimersByTime(60);
    const ended = begin(deadlines, expired, 'ended');
    begin(deadlines, expired, 'second');
    deadlines.end(ended);
    jest.advanceTimersByTime(39);
    expect(expired).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(expired).toEqual(['first']);
    jest.advanceTimersByTime(59);
    expect(expired).toEqual(['first']);
    jest.advanceTimersByTime(1);
    expect(expired).toEqual(['first', 'second']);
  });

  it('has one timer, which ends when nothing runs any more', () => {
    const deadlines = createDeadlines(100);
    const expired: string[] = [];
    for (let i = 0; i < 10; i++) deadlines.end(begin(deadlines, expired, 'ended'));
    expect(jest.getTimerCount()).toBe(1);
    jest.advanceTimersByTime(100);
    expect(jest.getTimerCount()).toBe(0);
    begin(deadlines, expired, 'later');
    jest.advanceTimersByTime(100);
    expect(expired).toEqual(['later']);
  });
});
