import { CircuitBreaker, defaultBreaker } from './circuit-breaker.js';

const open = (random = () => 1) => {
  let openings = 0;
  const breaker = new CircuitBreaker(
    { ...defaultBreaker, failuresInARow: 3, openMs: 1_000, maxOpenMs: 4_000 },
    () => (openings += 1),
    random,
  );
  return { breaker, openings: () => openings };
};
const fail = (breaker: CircuitBreaker, times: number, now = 0): void => {
  for (let i = 0; i < times; i++) {
    breaker.failed(now, breaker.begin());
  }
};

describe('CircuitBreaker', () => {
  it('opens after failures in a row, not where a success stands between', () => {
    const { breaker, openings } = open();
    fail(breaker, 2);
    breaker.succeeded(0, false);
    fail(breaker, 2);
    expect(breaker.admits(0)).toBe(true);
    fail(breaker, 1);
    expect([breaker.admits(0), breaker.state(0), breaker.waitMs(0), openings()]).toEqual([false, 'open', 1_000, 1]);
  });

  it('opens when half of many calls fail, though never in a row', () => {
    const { breaker } = open();
    for (let i = 0; i < 9; i++) {
      breaker.succeeded(i, false);
      fail(breaker, 1, i);
    }
    expect(breaker.state(9)).toBe('closed');
    breaker.succeeded(9, false);
    fail(breaker, 1, 9);
    expect(breaker.state(9)).toBe('open');
  });

  it('forgets what is older than its window', () => {
    const { breaker } = open();
    for (let i = 0; i < 9; i++) {
      breaker.succeeded(0, false);
      fail(breaker, 1, 0);
    }
    breaker.succeeded(20_000, false);
    fail(breaker, 1, 20_000);
    expect(breaker.state(20_000)).toBe('closed');
  });

  it('lets one trial through when its time is over, closes with its success, and is open longer after each failure', () => {
    const { breaker } = open();
    fail(breaker, 3);
    expect(breaker.admits(999)).toBe(false);
    expect(breaker.state(1_000)).toBe('half open');
    expect(breaker.admits(1_000)).toBe(true);
    expect(breaker.begin()).toBe(true);
    expect(breaker.admits(1_000)).toBe(false);
    breaker.failed(1_000, true);
    expect(breaker.waitMs(1_000)).toBe(2_000);
    fail(breaker, 1, 3_000);
    expect(breaker.waitMs(3_000)).toBe(4_000);
    fail(breaker, 1, 7_000);
    expect(breaker.waitMs(7_000)).toBe(4_000);
    breaker.succeeded(11_000, breaker.begin());
    expect(breaker.state(11_000)).toBe('closed');
    fail(breaker, 3, 11_000);
    expect(breaker.waitMs(11_000)).toBe(1_000);
  });

  it('gives the trial to the next one where it ended without saying anything', () => {
    const { breaker } = open();
    fail(breaker, 3);
    breaker.begin();
    breaker.ended(false);
    expect(breaker.admits(1_000)).toBe(false);
    breaker.ended(true);
    expect(breaker.admits(1_000)).toBe(true);
  });

  it('takes no notice of calls that began before it opened', () => {
    const { breaker } = open();
    fail(breaker, 3);
    breaker.succeeded(10, false);
    breaker.failed(10, false);
    expect([breaker.state(10), breaker.waitMs(0)]).toEqual(['open', 1_000]);
  });

  it('is open up to a quarter less, so that gateways do not try at the same moment', () => {
    const { breaker } = open(() => 0);
    fail(breaker, 3);
    expect(breaker.waitMs(0)).toBe(750);
  });
});
