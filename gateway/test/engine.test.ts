import { createProducts, createReviews } from './support/sample-subgraphs.js';
import { startEngine } from './support/engine-run.js';

describe('engine', () => {
  it('answers across subgraphs', async () => {
    await using gateway = await startEngine([createProducts(), createReviews()]);
    const result = await gateway.run('{ topProducts { id name reviews { body } __typename } __schema { queryType { name } } }');
    console.log(JSON.stringify(result));
    expect(result.errors).toBeUndefined();
  });
});
