import { createMemorySpans, openTracing, parseTraceparent, type FinishedSpan, type Spans } from '@loomgraph/telemetry';
import { engineSettings } from './support/engine-run.js';
import { createProducts, createReviews } from './support/sample-subgraphs.js';
import { host, rawServer, scriptedSubgraph } from './support/servers.js';
import { startGateway, type GraphqlAnswer, type TestGateway } from './support/start-gateway.js';

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const sampled = { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01` };

/** Products and reviews behind HTTP. */
async function withGateway(spans: Spans | undefined, work: (test: TestGateway) => Promise<void>): Promise<void> {
  await using products = await host('remote', createProducts());
  await using reviews = await host('remote', createReviews());
  await using test = await startGateway([products.source, reviews.source], { spans });
  await work(test);
}

const named = (spans: readonly FinishedSpan[], name: string): readonly FinishedSpan[] => spans.filter((span) => span.name === name);

describe('tracing', () => {
  it('continues the trace of the caller with a span for the operation, each stage and each fetch', async () => {
    const { spans, finished } = await createMemorySpans();
    await withGateway(spans, async ({ ask }) => {
      const answer = await ask('query Shop { topProducts { name reviews { body } } }', { headers: sampled });
      expect(answer.errors).toBeUndefined();
      const [root] = named(finished(), 'query');
      expect(root).toMatchObject({
        kind: 'server',
        traceId: TRACE_ID,
        parentSpanId: SPAN_ID,
        attributes: {
          'graphql.operation.name': 'Shop',
          'graphql.operation.type': 'query',
          'graphql.operation.cache': 'miss',
          'graphql.outcome': 'success',
          'graphql.coalesced': false,
          'graphql.fetch.count': 2,
        },
      });
      const stages = ['graphql.parse', 'graphql.plan', 'graphql.execute', 'graphql.write'].map((name) => named(finished(), name));
      expect(stages.map((stage) => stage.length)).toEqual([1, 1, 1, 1]);
      expect(new Set(stages.flat().map((stage) => stage.parentSpanId))).toEqual(new Set([root?.spanId]));
      const [execute] = named(finished(), 'graphql.execute');
      const fetches = named(finished(), 'graphql.fetch');
      expect(fetches).toMatchObject([
        { kind: 'client', attributes: { 'graphql.subgraph.name': 'products', 'http.response.status_code': 200 } },
        { attributes: { 'graphql.subgraph.name': 'reviews', 'graphql.representations': 2, 'graphql.error.count': 0 } },
      ]);
      expect(fetches.map((fetch) => fetch.parentSpanId)).toEqual([execute?.spanId, execute?.spanId]);
      expect(new Set(finished().map(({ traceId }) => traceId))).toEqual(new Set([TRACE_ID]));
    });
  });

  it.each(['remote', 'local'] as const)('tells a %s subgraph of the span of its fetch', async (kind) => {
    const { spans, finished } = await createMemorySpans();
    await using products = await host(kind, createProducts());
    await using test = await startGateway([products.source], { spans });
    const { data } = await test.ask('{ traceparent }', { headers: sampled });
    const [fetch] = named(finished(), 'graphql.fetch');
    expect(parseTraceparent(String(data?.['traceparent']))).toEqual({ traceId: TRACE_ID, spanId: fetch?.spanId, sampled: true });
  });

  it('traces requests that are explained, too', async () => {
    const { spans, finished } = await createMemorySpans();
    await using products = await host('remote', createProducts());
    const engine = { ...engineSettings, explain: 'public' as const };
    await using test = await startGateway([products.source], { spans, settings: { engine } });
    const response = await test.send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...sampled },
      body: JSON.stringify({ query: '{ traceparent }', extensions: { explain: true } }),
    });
    const { data, extensions } = (await response.json()) as GraphqlAnswer;
    expect(extensions).toMatchObject({ explain: { plan: { run: { status: 200 } } } });
    expect(parseTraceparent(String(data?.['traceparent']))?.spanId).toBe(named(finished(), 'graphql.fetch')[0]?.spanId);
  });

  it('ends the trace of an answer in parts with the last one, which holds the fetches of all', async () => {
    const { spans, finished } = await createMemorySpans();
    await withGateway(spans, async ({ send }) => {
      const response = await send('/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'multipart/mixed, application/json', ...sampled },
        body: JSON.stringify({ query: '{ topProducts { name ... @defer { reviews { body } rating } } }' }),
      });
      expect(response.headers.get('content-type')).toContain('multipart/mixed');
      await response.text();
      const [root] = named(finished(), 'query');
      expect(root).toMatchObject({
        parentSpanId: SPAN_ID,
        attributes: { 'graphql.outcome': 'partial', 'graphql.error.codes': ['STORE_UNAVAILABLE'], 'graphql.fetch.count': 2 },
      });
      const [execute] = named(finished(), 'graphql.execute');
      expect(named(finished(), 'graphql.plan')).toMatchObject([{ parentSpanId: root?.spanId, hasFailed: false }]);
      expect(named(finished(), 'graphql.fetch').map(({ parentSpanId }) => parentSpanId)).toEqual([execute?.spanId, execute?.spanId]);
    });
  });

  it('records nothing of a trace that is not sampled, and keeps subgraphs in it', async () => {
    const { spans, finished } = await createMemorySpans();
    await withGateway(spans, async ({ ask }) => {
      const { data } = await ask('{ traceparent }', { headers: { traceparent: `00-${TRACE_ID}-${SPAN_ID}-00` } });
      expect(parseTraceparent(String(data?.['traceparent']))).toMatchObject({ traceId: TRACE_ID, sampled: false });
      expect(finished()).toEqual([]);
    });
  });

  it('passes the traceparent of the caller on where nothing is traced', () =>
    withGateway(undefined, async ({ ask }) => {
      expect((await ask('{ traceparent }', { headers: sampled })).data).toEqual(sampled);
      expect((await ask('{ traceparent }')).data).toEqual({ traceparent: null });
    }));

  it('marks fetches and operations that fail, with status and code', async () => {
    const { spans, finished } = await createMemorySpans();
    await using products = await scriptedSubgraph('products', 'type Query { topProducts: [String!]! }');
    products.answer = (_request, response) => void response.writeHead(502, { 'content-type': 'text/html' }).end('<html>');
    await using test = await startGateway([products.source], { spans });
    expect((await test.ask('{ topProducts }')).errors).toHaveLength(1);
    expect(named(finished(), 'graphql.fetch')).toMatchObject([
      { hasFailed: true, attributes: { 'http.response.status_code': 502, 'error.type': 'SUBGRAPH_UNAVAILABLE' } },
    ]);
    expect(named(finished(), 'query')).toMatchObject([
      { hasFailed: true, attributes: { 'graphql.error.codes': ['SUBGRAPH_UNAVAILABLE'] } },
    ]);
  });

  it('ends the span of a stage that fails, and gives an invalid operation no name', async () => {
    const { spans, finished } = await createMemorySpans();
    await withGateway(spans, async ({ ask }) => {
      await ask('query Invented { nothing }');
      expect(finished().map(({ name, hasFailed }) => [name, hasFailed])).toEqual([
        ['graphql.parse', true],
        ['GraphQL Operation', true],
      ]);
      expect(JSON.stringify(finished().map(({ attributes }) => attributes))).not.toContain('Invented');
    });
  });

  it('shows a request that shared an execution as such, without fetches of its own', async () => {
    const { spans, finished } = await createMemorySpans();
    let proceed = (): void => {};
    let arrive = (): void => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    const gate = new Promise<void>((resolve) => (proceed = resolve));
    const products = createProducts({ onTopProducts: () => (arrive(), gate) });
    const engine = { ...engineSettings, coalescing: true };
    await using test = await startGateway([{ kind: 'local', subgraph: products }], { spans, settings: { engine } });
    const first = test.ask('{ topProducts { name } }');
    await arrived;
    const second = test.ask('{ topProducts { name } }');
    await until(() => test.metrics.render().then(({ body }) => body.includes('loom_gateway_coalesced_requests_total 1')));
    proceed();
    expect((await second).data).toEqual((await first).data);
    const roots = named(finished(), 'query').map(({ attributes }) => attributes['graphql.coalesced']);
    expect(new Set(roots)).toEqual(new Set([false, true]));
    expect(named(finished(), 'graphql.fetch')).toHaveLength(1);
  });
});

describe('sending traces', () => {
  it('posts them to the OTLP receiver under the name of the service', async () => {
    const received: { readonly url: string | undefined; readonly body: string }[] = [];
    await using receiver = await rawServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        received.push({ url: request.url, body: Buffer.concat(chunks).toString() });
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    const endpoint = new URL(receiver.url).origin;
    await using tracing = await openTracing({ endpoint: `${endpoint}/`, serviceName: 'shop', samplingRatio: 1 });
    await withGateway(tracing.spans, async ({ ask }) => {
      await ask('{ topProducts { name reviews { body } } }', { headers: sampled });
      await tracing.flush();
    });
    expect(received.map(({ url }) => url)).toEqual(['/v1/traces']);
    const body = received[0]!.body;
    expect(body).toContain('{"key":"service.name","value":{"stringValue":"shop"}}');
    expect(body).toContain(TRACE_ID);
    expect(body.match(/"name":"graphql\.fetch"/g)).toHaveLength(2);
  });

  it('costs no request anything while the receiver is down', async () => {
    const gone = await rawServer(() => undefined);
    await gone[Symbol.asyncDispose]();
    const endpoint = new URL(gone.url).origin;
    await using tracing = await openTracing({ endpoint, serviceName: 'shop', samplingRatio: 1, timeoutMs: 100 });
    await withGateway(tracing.spans, async ({ ask }) => {
      const answer: GraphqlAnswer = await ask('{ topProducts { name } }');
      expect(answer.errors).toBeUndefined();
    });
  });

  it('records the share of traces that the settings ask for', async () => {
    await using tracing = await openTracing({ endpoint: 'http://127.0.0.1:9', serviceName: 'shop', samplingRatio: 0 });
    const [own, continued] = [tracing.spans.start('query'), tracing.spans.start('query', sampled)];
    expect([own.isRecording, continued.isRecording]).toEqual([false, true]);
  });
});

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await new Promise((resolve) => setImmediate(resolve));
}
