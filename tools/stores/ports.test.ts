import { createPortPicker } from './ports.ts';

/** Draws these ports, in this order. */
const draw =
  (...ports: number[]) =>
  () =>
    ((ports.shift() ?? 0) - 20_000 + 0.5) / 10_000;

describe('createPortPicker', () => {
  it('stays below the ephemeral range', async () => {
    const isFree = async () => true;
    const low = createPortPicker({ reserved: [], isFree, random: () => 0 });
    const high = createPortPicker({ reserved: [], isFree, random: () => 0.999_999 });
    expect([await low.pick(), await high.pick()]).toEqual([20_000, 29_999]);
  });

  it('gives no port twice, none that is reserved and none in use', async () => {
    const picker = createPortPicker({
      reserved: [20_000],
      isFree: async (port) => port !== 20_001,
      random: draw(20_000, 20_001, 20_002, 20_002, 20_003),
    });
    expect([await picker.pick(), await picker.pick()]).toEqual([20_002, 20_003]);
  });

  it('gives up when nothing is free', async () => {
    await expect(createPortPicker({ reserved: [], isFree: async () => false }).pick()).rejects.toThrow('no free port');
  });
});
