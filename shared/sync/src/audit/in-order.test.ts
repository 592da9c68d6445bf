import { inOrder } from './in-order.js';

async function* numbers(count: number, begun: number[] = []): AsyncGenerator<number> {
  for (let n = 0; n < count; n++) {
    begun.push(n);
    await Promise.resolve();
    yield n;
  }
}

describe('work in order', () => {
  it('answers in the order of the input, at most so many at once', async () => {
    let underWay = 0;
    let most = 0;
    const answers: number[] = [];
    for await (const answer of inOrder(numbers(20), 4, async (n) => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      if (n % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
      underWay--;
      return n * 2;
    }))
      answers.push(answer);
    expect(answers).toEqual(Array.from({ length: 20 }, (_, n) => n * 2));
    expect(most).toBe(4);
  });

  it('stops with the reader, and waits for what is under way', async () => {
    const begun: number[] = [];
    let ended = 0;
    for await (const answer of inOrder(numbers(20, begun), 3, async (n) => {
      await new Promise((resolve) => setImmediate(resolve));
      ended++;
      return n;
    }))
      if (answer === 1) break;
    expect(begun.length).toBeLessThan(8);
    expect(ended).toBe(begun.length);
  });

  it('rejects with the failure of a piece of work, when its turn comes', async () => {
    const answers: number[] = [];
    const read = async (): Promise<void> => {
      for await (const answer of inOrder(numbers(9), 4, (n) => (n === 3 ? Promise.reject(new Error('three')) : Promise.resolve(n))))
        answers.push(answer);
    };
    await expect(read()).rejects.toThrow('three');
    expect(answers).toEqual([0, 1, 2]);
  });
});
