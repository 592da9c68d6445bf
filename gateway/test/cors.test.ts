import { createCors } from '../src/http/cors.js';
import { startFront } from './support/start-front.js';

const APP = 'https://app.example';
const cors = createCors({ origins: [APP], credentials: true, maxAgeMs: 600_000 });
const query = { query: '{ greeting }' };
const preflight = (origin: string): RequestInit => ({
  method: 'OPTIONS',
  headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization,content-type' },
});
const corsOf = (response: Response): Record<string, string> =>
  Object.fromEntries([...response.headers].filter(([name]) => name.startsWith('access-control-')));

describe('cross-origin requests', () => {
  it('answers the preflight of an origin that is allowed', async () => {
    await using front = await startFront({ cors });
    const response = await fetch(front.url, preflight(APP));
    expect([response.status, corsOf(response)]).toEqual([
      204,
      {
        'access-control-allow-origin': APP,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, HEAD, POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '600',
        'access-control-expose-headers': expect.any(String),
      },
    ]);
    expect(response.headers.get('vary')).toContain('Origin');
  });

  it.each(['https://evil.test', 'https://app.example.evil.test', 'null'])('tells %s nothing', async (origin) => {
    await using front = await startFront({ cors });
    for (const response of [await fetch(front.url, preflight(origin)), await front.post(query, { origin })]) {
      expect(corsOf(response)).toEqual({});
      expect(response.headers.get('vary')).toContain('Origin');
    }
  });

  it('lets a page read answers, refusals included', async () => {
    await using front = await startFront({ cors });
    const answers = [
      await front.post(query, { origin: APP }),
      await front.post('{', { origin: APP }),
      await front.get('?query=%7B', { origin: APP }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 400]);
    for (const response of answers) expect(response.headers.get('access-control-allow-origin')).toBe(APP);
  });

  it('says nothing where no origin is allowed', async () => {
    await using front = await startFront();
    const response = await front.post(query, { origin: APP });
    expect([response.status, corsOf(response), response.headers.get('vary')]).toEqual([200, {}, null]);
  });

  it('leaves the landing page as it is', async () => {
    await using front = await startFront({ cors, landingPage: { title: 'T', defaultQuery: '{ greeting }' } });
    const response = await fetch(front.url, { headers: { accept: 'text/html' } });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  });
});
