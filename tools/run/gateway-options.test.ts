import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY_OPTIONS, ROOT } from './launch/paths.mjs';

/** Whoever starts the gateway in another way would measure, or run, another gateway. */
describe("Node's options for the gateway", () => {
  it.each(['package.json', 'Dockerfile', 'helm/loomgraph/templates/gateway.yaml'])('are those of %s', (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const option of GATEWAY_OPTIONS) expect(text).toContain(option);
  });
});
