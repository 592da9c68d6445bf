import type { ServerResponse } from 'node:http';
import { setImmediate as tick } from 'node:timers/promises';
import { createLiveReviews, LIVE_PRODUCTS_SDL } from './support/live-subgraphs.js';
import { openEvents } from './support/read-events.js';
import { scriptedSubgraph } from './support/servers.js';
import { bearer, startGateway } from './support/start-gateway.js';

const COUNTDOWN = 'subscription($from: Int!) { countdown(from: $from) { name shipping } }';
const next = (name: string): string =>
  `event: next\ndata: ${JSON.stringify({ data: { countdown: { __typename: 'Product', id: 'p1', name, weightGrams: 300 } } })}\n\n`;

/** A remote subgraph whose stream a test writes, and the gateway in front of it. */
async function start() {
  const subgraph = await scriptedSubgraph('products', LIVE_PRODUCTS_SDL);
  const streams: ServerResponse[] = [];
  const asked: { readonly accept: string | undefined; readonly isSigned: boolean }[] = [];
  subgraph.answer = (request, response) => {
    asked.push({
      accept: request.headers.accept,
      isSigned: request.headers['x-loom-identity'] !== undefined,
    });
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n');
    streams.push(response);
  };
  const gateway = await startGateway([subgraph.source, { kind: 'local', subgraph: createLiveReviews() }]);
  return {
    subgraph,
    streams,
    asked,
    gateway,
    url: `${gateway.gateway.url}/graphql`,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await subgraph[Symbol.asyncDispose]();
    },
  };
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await tick();
};

describe('G5 a subscription of a remote subgraph, by graphql-sse', () => {
  it('is asked with who asks, answered with fields of others, and ends when it ends', async () => {
    await using running = await start();
    const opening = openEvents(running.url, COUNTDOWN, { variables: { from: 3 }, headers: await bearer('ann') });
    await until(() => running.streams.length > 0);
    const events = await opening;
    expect(running.asked).toMatchObject([{ accept: 'text/event-stream, application/json', isSigned: true }]);
    const [stream] = running.streams;
    // In pieces, as networks deliver.
    const text = next('three ü');
    stream!.write(Buffer.from(text).subarray(0, 60));
    await tick();
    stream!.write(Buffer.from(text).subarray(60));
    expect((await events.next())!.data).toEqual({ data: { countdown: { name: 'three ü', shipping: 3 } } });
    stream!.end('event: complete\ndata:\n\n');
    expect(await events.next()).toMatchObject({ event: 'complete' });
  });

  it('is ended at the subgraph when its client goes away', async () => {
    await using running = await start();
    const events = await openEvents(running.url, COUNTDOWN, { variables: { from: 3 } });
    const [stream] = running.streams;
    events.close();
    await until(() => stream!.destroyed || stream!.closed);
  });

  it('ends with a code where the stream breaks', async () => {
    await using running = await start();
    const events = await openEvents(running.url, COUNTDOWN, { variables: { from: 3 } });
    running.streams[0]!.destroy();
    expect((await events.next())!.data.errors).toMatchObject([{ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } }]);
    expect(await events.next()).toMatchObject({ event: 'complete' });
  });

  it.each([
    ['refuses with a code', 200, { errors: [{ message: 'Not you.', extensions: { code: 'FORBIDDEN' } }] }, 'FORBIDDEN'],
    ['answers no stream', 200, { data: { countdown: null } }, 'SUBGRAPH_UNAVAILABLE'],
    ['fails', 500, 'broken', 'SUBGRAPH_UNAVAILABLE'],
  ])('is refused where the subgraph %s', async (_name, status, body, code) => {
    await using running = await start();
    running.subgraph.answer = (_request, response) =>
      void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    const response = await running.gateway.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: COUNTDOWN, variables: { from: 3 } }),
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });
});
