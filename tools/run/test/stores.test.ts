import { renderStores, storesOf } from './stores.ts';

describe('stores of a run', () => {
  it('names the command that starts all when there is none', () => {
    expect(renderStores(storesOf({}))).toContain('to test them too: npm run stores -- up');
    expect(renderStores(storesOf({}))).not.toContain('--only');
  });

  it('names the absent ones in the command when some are there', () => {
    const { present, absent } = storesOf({ REDIS_URL: 'redis://127.0.0.1:1', KAFKA_URL: '' });
    expect(present).toEqual(['redis']);
    expect(absent).toContain('kafka');
    expect(renderStores({ present, absent })).toContain(`npm run stores -- up --only ${absent.join(',')}`);
  });
});
