import { auditSubgraph, GET_REQUESTS } from '@loomgraph/testing';
import { createProducts } from './support/sample-subgraphs.js';

describe('the audit of GraphQL over HTTP', () => {
  it('passes for a subgraph that is a server of its own, but for GET requests', async () => {
    const { count, failures } = await auditSubgraph(createProducts());
    expect(count).toBeGreaterThan(60);
    expect(failures.map((failure) => failure.slice(0, 8))).toEqual(GET_REQUESTS);
  });
});
