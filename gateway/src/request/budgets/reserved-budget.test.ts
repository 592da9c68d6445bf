import type { BudgetCounter, BudgetPolicy, Reservation } from './budget.js';
import { createReservedBudget, type ReservedBudget } from './reserved-budget.js';

const policy: BudgetPolicy = { name: 'user', points: 1_000, windowMs: 60_000 };

/** A shared counter without a store, which notes what it is asked. */
class Counter implements BudgetCounter {
  readonly asked: number[] = [];
  spent = 0;
  endsAt: number | undefined;
  constructor(
    readonly clock: { at: number },
    readonly points = policy.points,
  ) {}
  async reserve(_key: string, points: number): Promise<Reservation> {
    this.asked.push(points);
    if (this.endsAt === undefined || this.clock.at >= this.endsAt) {
      this.endsAt = this.clock.at + policy.windowMs;
      this.spent = 0;
    }
    const isGranted = this.spent + points <= this.points;
    if (isGranted) this.spent += points;
    return { isGranted, remaining: this.points - this.spent, resetMs: this.endsAt - this.clock.at };
  }
}

const at = { at: 1_000_000 };
const clock = { now: () => new Date(at.at) };
const open = (counter: Counter): ReservedBudget => createReservedBudget({ policy, counter, clock });

describe('createReservedBudget', () => {
  it('asks for a share, and spends from it without asking', async () => {
    const counter = new Counter(at);
    const budget = open(counter);
    expect(await budget.spend('a', 10)).toMatchObject({ isAllowed: true, remaining: 990, resetMs: 60_000 });
    for (let spent = 20; spent <= 50; spent += 10)
      expect(budget.spend('a', 10)).toMatchObject({ isAllowed: true, remaining: 1_000 - spent });
    expect(counter.asked).toEqual([50]);
    expect(await budget.spend('a', 10)).toMatchObject({ isAllowed: true, remaining: 940 });
    expect(counter.asked).toEqual([50, 50]);
  });

  it('asks for what lacks where that is more than a share', async () => {
    const counter = new Counter(at);
    expect(await open(counter).spend('a', 400)).toMatchObject({ isAllowed: true, remaining: 600 });
    expect(counter.asked).toEqual([400]);
  });

  it('spends the whole budget and no more, and then refuses without asking', async () => {
    const counter = new Counter(at);
    const budget = open(counter);
    let allowed = 0;
    for (let i = 0; i < 200; i++) if ((await budget.spend('a', 7)).isAllowed) allowed += 1;
    expect(allowed).toBe(Math.floor(1_000 / 7));
    const questions = counter.asked.length;
    expect(questions).toBeLessThan(25);
    expect(budget.spend('a', 7)).toMatchObject({ isAllowed: false, remaining: 1_000 - 7 * 142 });
    expect(counter.asked).toHaveLength(questions);
  });

  it('still allows what is small enough after something larger was refused', async () => {
    const budget = open(new Counter(at));
    await budget.spend('a', 990);
    expect(await budget.spend('a', 20)).toMatchObject({ isAllowed: false, remaining: 10 });
    expect(await budget.spend('a', 10)).toMatchObject({ isAllowed: true, remaining: 0 });
  });

  it('takes up what little others left', async () => {
    const counter = new Counter(at);
    const [one, other] = [open(counter), open(counter)];
    await one.spend('a', 980);
    expect(await other.spend('a', 15)).toMatchObject({ isAllowed: true, remaining: 5 });
    expect(await other.spend('a', 15)).toMatchObject({ isAllowed: false });
  });

  it('is whole again when the window has ended', async () => {
    const budget = open(new Counter(at));
    await budget.spend('a', 1_000);
    expect(budget.spend('a', 1)).toMatchObject({ isAllowed: false });
    at.at += policy.windowMs;
    expect(budget.look('a')).toBeUndefined();
    expect(await budget.spend('a', 1_000)).toMatchObject({ isAllowed: true });
  });

  it('counts each key for itself', async () => {
    const counters = new Map<string, Counter>();
    const counter: BudgetCounter = {
      reserve(key, points) {
        let one = counters.get(key);
        if (one === undefined) counters.set(key, (one = new Counter(at)));
        return one.reserve(key, points);
      },
    };
    const budget = createReservedBudget({ policy, counter, clock });
    await budget.spend('a', 1_000);
    expect(await budget.spend('b', 1_000)).toMatchObject({ isAllowed: true });
  });

  it('gives many who ask at once exactly the budget', async () => {
    const counter = new Counter(at);
    const budgets = [open(counter), open(counter), open(counter)];
    const all = await Promise.all(Array.from({ length: 3_000 }, async (_, index) => budgets[index % 3]?.spend('a', 1)));
    const allowed = all.filter((spending) => spending?.isAllowed).length;
    expect(allowed).toBeLessThanOrEqual(1_000);
    expect(allowed).toBeGreaterThanOrEqual(900);
    expect(counter.spent).toBeLessThanOrEqual(1_000);
  });

  it('shows what is left, and nothing of a key it does not know', async () => {
    const budget = open(new Counter(at));
    expect(budget.look('a')).toBeUndefined();
    await budget.spend('a', 300);
    expect(budget.look('a')).toMatchObject({ remaining: 700 });
  });
});
