import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runClosedLoop } from './closed-loop.ts';
import { runOpenLoop } from './open-loop.ts';

describe('loads', () => {
  let server: Server;
  let url: string;
  const bodies: string[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push(`${request.headers.authorization ?? '-'} ${body}`);
        response.end(body === 'bad' ? '{"errors":[]}' : '{"data":{}}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
  });
  beforeEach(() => void (bodies.length = 0));
  afterAll(() => void server.close());

  it('open: sends as many as the rate asks for, in turn, and counts wrong answers', async () => {
    const requests = [{ body: 'a', token: 't' }, { body: 'bad' }];
    const result = await runOpenLoop({ kind: 'open', url, requests, seconds: 0.2, perSecond: 100, maxInFlight: 4 });
    expect(bodies.length).toBe(20);
    expect(bodies).toContain('Bearer t a');
    expect(result).toMatchObject({ wrong: 10, failed: 0, example: '200 {"errors":[]}' });
    expect(result.latenciesMs).toHaveLength(20);
  });

  it('open: counts requests that nobody answers', async () => {
    const result = await runOpenLoop({
      kind: 'open',
      url: 'http://127.0.0.1:1/',
      requests: [{ body: 'a' }],
      seconds: 0.05,
      perSecond: 100,
      maxInFlight: 4,
    });
    expect(result).toMatchObject({ wrong: 0, failed: 5 });
  });

  it('closed: asks again as soon as it is answered', async () => {
    const result = await runClosedLoop({
      kind: 'closed',
      url,
      requests: [{ body: 'a' }, { body: 'bad', token: 't' }],
      seconds: 1,
      connections: 2,
    });
    expect(result.perSecond).toBeGreaterThan(10);
    expect(result.wrong).toBeGreaterThan(0);
    expect(new Set(bodies)).toEqual(new Set(['- a', 'Bearer t bad']));
  });
});
