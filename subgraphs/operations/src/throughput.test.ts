import { Throughput } from './throughput.js';

describe('Throughput', () => {
  it('is the rise from one look to the next', () => {
    const throughput = new Throughput();
    expect(throughput.observe('a', 100, 0)).toBeNull();
    expect(throughput.observe('a', 300, 2_000)).toBe(100);
    expect(throughput.observe('a', 300, 4_000)).toBe(0);
  });

  it('keeps its answer between looks that are too close to say anything', () => {
    const throughput = new Throughput();
    throughput.observe('a', 0, 0);
    throughput.observe('a', 50, 1_000);
    expect(throughput.observe('a', 51, 1_010)).toBe(50);
    expect(throughput.observe('b', 5, 1_010)).toBeNull();
  });
});
