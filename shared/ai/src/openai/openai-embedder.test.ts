import { inspect } from 'node:util';
import { createMetrics } from '@loomgraph/telemetry';
import { describeEmbedderContract } from '../contract.js';
import { createFakeOpenAiServer, type FakeOpenAiServer, type OpenAiFault } from '../testing.js';
import { cosineSimilarity } from '../vector.js';
import { createOpenAiEmbedder, type OpenAiEmbedderOptions } from './openai-embedder.js';

const dimensions = 64;
const apiKey = 'sk-test-hunter2';

describeEmbedderContract({
  name: 'openai',
  create: async () => {
    const provider = await createFakeOpenAiServer({ apiKey });
    const embedder = createOpenAiEmbedder({ apiKey, baseUrl: provider.url, dimensions });
    return { embedder, providerCalls: () => provider.requests.length, [Symbol.asyncDispose]: () => provider.close() };
  },
});

describe('openai embedder', () => {
  let provider: FakeOpenAiServer;
  beforeEach(async () => {
    provider = await createFakeOpenAiServer({ apiKey });
  });
  afterEach(() => provider.close());
  const create = (options: Partial<OpenAiEmbedderOptions> = {}) =>
    createOpenAiEmbedder({ apiKey: { reveal: () => apiKey }, baseUrl: provider.url, dimensions, maxRetries: 0, ...options });
  const failureOf = async (fault: OpenAiFault, options: Partial<OpenAiEmbedderOptions> = {}) => {
    provider.failAlways(fault);
    return create(options)
      .embed(['text'])
      .then(
        () => {
          throw new Error('it did not fail');
        },
        (error: unknown) => error,
      );
  };

  it('asks for the model and dimensions, in base64', async () => {
    await create({ model: 'some-model' }).embed(['text']);
    expect(provider.requests[0]).toMatchObject({ model: 'some-model', dimensions, encodingFormat: 'base64', texts: ['text'] });
    await create({ sendDimensions: false, maxTextTokens: 10 })
      .embed(['简'.repeat(50)])
      .catch(() => {});
    expect(provider.requests[1]).toMatchObject({ dimensions: undefined, texts: ['简'.repeat(10)] });
  });

  it('takes lists of numbers from servers that know no base64', async () => {
    await using floats = await createFakeOpenAiServer({ floatsOnly: true });
    const [fromFloats] = await create({ baseUrl: floats.url }).embed(['academic']);
    const [fromBase64] = await create().embed(['academic']);
    expect(fromFloats).toEqual(fromBase64);
  });

  it('1. cuts batches by items and by tokens, and keeps the order', async () => {
    provider.fail({ kind: 'reversed' });
    const texts = ['academic', 'developer', 'warm', 'dark', 'lawyer'];
    const byItems = await create({ maxBatchItems: 2, concurrency: 1 }).embed(texts);
    expect(provider.requests.map((request) => request.texts.length)).toEqual([2, 2, 1]);
    const together = await create().embed(texts);
    texts.forEach((_, index) => expect(cosineSimilarity(byItems[index]!, together[index]!)).toBeCloseTo(1, 5));
    await create({ maxBatchTokens: 10, concurrency: 1 }).embed(['x'.repeat(15), 'y'.repeat(15), 'z'.repeat(60), 'w']);
    expect(provider.requests.slice(4).map((request) => request.texts.length)).toEqual([2, 1, 1]);
  });

  it('waits as long as Retry-After asks, then goes on', async () => {
    provider.fail(
      { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
      { kind: 'status', status: 429, headers: { 'retry-after-ms': '30' } },
    );
    await expect(create({ maxRetries: 2 }).embed(['text'])).resolves.toHaveLength(1);
    const [first, second, third] = provider.requests.map((request) => request.receivedAtMs) as [number, number, number];
    expect(second - first).toBeGreaterThanOrEqual(990);
    expect(third - second).toBeGreaterThanOrEqual(25);
    expect(third - second).toBeLessThan(500);
  });

  it('7. does not retry when asked to wait longer than it may, and says how long', async () => {
    const failure = await failureOf({ kind: 'status', status: 429, headers: { 'retry-after': '120' } }, { maxRetries: 5 });
    expect(failure).toMatchObject({ code: 'AI_PROVIDER_UNAVAILABLE', details: { retryAfterMs: 120_000, status: 429 } });
    expect(provider.requests).toHaveLength(1);
    const date = new Date(Date.now() + 90_000).toUTCString();
    const dated = (await failureOf({ kind: 'status', status: 503, headers: { 'retry-after': date } }, { maxRetries: 5 })) as {
      details: { retryAfterMs: number };
    };
    expect(dated.details.retryAfterMs).toBeGreaterThan(85_000);
    expect(provider.requests).toHaveLength(2);
  });

  it.each<[string, OpenAiFault, string]>([
    ['429', { kind: 'status', status: 429 }, 'asks to be called less often'],
    ['500', { kind: 'status', status: 500 }, 'answered with status 500'],
    ['503', { kind: 'status', status: 503 }, 'answered with status 503'],
    // Jest runs tests in a realm of their own, where the package takes the abort of `fetch` for a failed connection.
    ['no answer', { kind: 'hang' }, '(did not answer in time|cannot be reached)'],
    ['half an answer', { kind: 'hang', afterHeaders: true }, 'did not answer in time'],
    ['a closed connection', { kind: 'reset' }, 'cannot be reached'],
    ['malformed JSON', { kind: 'malformed' }, 'gave an answer that cannot be read'],
    ['a web page', { kind: 'page' }, 'gave an answer that cannot be read'],
  ])('7. is unavailable after %s', async (_case, fault, what) => {
    const failure = await failureOf(fault, { timeoutMs: 150 });
    expect(failure).toMatchObject({
      code: 'AI_PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(`^The provider of text-embedding-3-small ${what}.$`) as string,
    });
    expect((failure as Error).cause).toBeInstanceOf(Error);
    expect(provider.requests).toHaveLength(1);
  });

  it('7. is unavailable when nothing listens', async () => {
    await provider.close();
    await expect(create().embed(['text'])).rejects.toMatchObject({ code: 'AI_PROVIDER_UNAVAILABLE' });
  });

  it('retries what may pass, as often as told', async () => {
    const quick = { 'retry-after-ms': '1' };
    provider.fail({ kind: 'status', status: 500, headers: quick }, { kind: 'status', status: 503, headers: quick });
    await expect(create({ maxRetries: 2 }).embed(['text'])).resolves.toHaveLength(1);
    expect(provider.requests).toHaveLength(3);
    await failureOf({ kind: 'status', status: 500, headers: quick }, { maxRetries: 1 });
    expect(provider.requests).toHaveLength(5);
  });

  it.each([400, 401, 403, 404, 422])('7. is rejected after %d, at once', async (status) => {
    const failure = await failureOf({ kind: 'status', status, code: 'some_code' }, { maxRetries: 3 });
    expect(failure).toMatchObject({
      code: 'AI_PROVIDER_REJECTED',
      details: { status, providerCode: 'some_code', model: 'text-embedding-3-small' },
    });
    expect(provider.requests).toHaveLength(1);
  });

  it('7. is rejected with a wrong key, which is not printed', async () => {
    const failure: unknown = await create({ apiKey: 'sk-wrong-hunter3' })
      .embed(['text'])
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'AI_PROVIDER_REJECTED', details: { status: 401, providerCode: 'invalid_api_key' } });
    expect(inspect(failure, { depth: 9 })).not.toContain('hunter3');
  });

  it('7. is rejected when the answer has other dimensions or another number of vectors, naming both', async () => {
    expect(await failureOf({ kind: 'dimensions', dimensions: 7 })).toMatchObject({
      code: 'AI_PROVIDER_REJECTED',
      message: 'The answer of text-embedding-3-small does not fit: its vectors have 7 dimensions where 64 are configured.',
      details: { expectedDimensions: 64, actualDimensions: 7 },
    });
    expect(await failureOf({ kind: 'count' })).toMatchObject({
      code: 'AI_PROVIDER_REJECTED',
      message: 'The answer of text-embedding-3-small does not fit: 1 texts were sent and 0 vectors came back.',
    });
  });

  it('6. stops a call that runs, and its retries, when the signal aborts', async () => {
    provider.failAlways({ kind: 'hang' });
    const controller = new AbortController();
    const reason = new Error('the caller has left');
    const call = create({ concurrency: 1, maxBatchItems: 1 }).embed(['one', 'two'], { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
    expect(provider.requests).toHaveLength(1);
  });

  it('7. fails all texts together, and stops the other batches', async () => {
    provider.fail({ kind: 'status', status: 400 });
    await expect(create({ concurrency: 1, maxBatchItems: 1 }).embed(['one', 'two', 'three'])).rejects.toMatchObject({
      code: 'AI_PROVIDER_REJECTED',
    });
    expect(provider.requests).toHaveLength(1);
  });

  it('counts tokens and times requests by outcome', async () => {
    const metrics = createMetrics();
    const embedder = create({ metrics });
    await embedder.embed(['123456']);
    provider.fail({ kind: 'status', status: 500 });
    await embedder.embed(['123']).catch(() => {});
    const { body } = await metrics.render();
    expect(body).toContain('loom_embedding_tokens_total{model="text-embedding-3-small"} 3');
    expect(body).toContain('loom_embedding_request_seconds_count{model="text-embedding-3-small",outcome="ok"} 1');
    expect(body).toContain('loom_embedding_request_seconds_count{model="text-embedding-3-small",outcome="AI_PROVIDER_UNAVAILABLE"} 1');
  });
});
