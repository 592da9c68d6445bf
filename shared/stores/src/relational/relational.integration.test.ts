import { relationalBackends } from '@loomgraph/testing';
import { describeRelationalContract } from './contract.js';

for (const backend of relationalBackends()) {
  describeRelationalContract({ name: backend.name, create: (options) => backend.open(options), drop: (store) => backend.drop(store) });
  afterAll(() => backend.close());
}
