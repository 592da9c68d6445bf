import { LoomError } from '@loomgraph/core';
import { sdlSubgraph } from './support/sample-subgraphs.js';
import { host } from './support/servers.js';
import { startGateway } from './support/start-gateway.js';

const wait = (retryAfterSeconds: unknown, code: 'RATE_LIMITED' | 'INTERNAL_SERVER_ERROR' = 'RATE_LIMITED') => {
  throw new LoomError(code, 'later', { details: { retryAfterSeconds } });
};
const impatient = () =>
  sdlSubgraph('impatient', 'type Query { soon: Int later: Int odd: Int hidden: Int ok: Int }', {
    Query: {
      soon: () => wait(5),
      later: () => wait(40),
      odd: () => wait('40\r\nset-cookie: a=b'),
      hidden: () => wait(60, 'INTERNAL_SERVER_ERROR'),
      ok: () => 1,
    },
  });

describe.each(['local', 'remote'] as const)('Retry-After of what a %s subgraph refuses for a while', (kind) => {
  it('is the longest of the waits that clients are told', async () => {
    await using hosted = await host(kind, impatient());
    await using gateway = await startGateway([hosted.source]);
    const headerOf = async (query: string): Promise<string | null> => {
      const headers = { 'content-type': 'application/json' };
      return (await gateway.send('/graphql', { method: 'POST', headers, body: JSON.stringify({ query }) })).headers.get('retry-after');
    };
    expect(await headerOf('{ soon ok }')).toBe('5');
    expect(await headerOf('{ soon later soonToo: soon }')).toBe('40');
    expect(await headerOf('{ odd }')).toBeNull();
    expect(await headerOf('{ hidden }')).toBeNull();
    expect(await headerOf('{ ok }')).toBeNull();
  });
});
