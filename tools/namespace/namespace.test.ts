import { createNamespace, dropNamespace } from './index.ts';

describe('namespaces', () => {
  it('are made unique', () => {
    expect(createNamespace('bench')).toMatch(/^bench_[0-9a-f]{8}$/);
    expect(createNamespace('bench')).not.toBe(createNamespace('bench'));
  });

  it.each(['', 'abc', 'Bench', 'a-b-c-d', '1234', 'a%_b', `a${'b'.repeat(30)}`])('refuses to drop "%s"', async (namespace) => {
    await expect(dropNamespace({}, namespace)).rejects.toThrow('A namespace has 4 to 30');
  });

  it('has nothing to drop without servers', async () => {
    await expect(dropNamespace({}, 'bench_0a1b2c3d')).resolves.toEqual({});
  });
});
