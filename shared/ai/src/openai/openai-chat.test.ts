import { inspect } from 'node:util';
import { createMetrics } from '@loomgraph/telemetry';
import { createFakeChatServer, type ChatFault, type FakeChatServer } from '../testing.js';
import { createOpenAiChat, type OpenAiChatOptions } from './openai-chat.js';

const apiKey = 'sk-test-hunter2';
const model = 'some-model';
const question = {
  instructions: 'Say yes.',
  input: '简历',
  format: {
    name: 'yes',
    schema: { type: 'object', properties: { yes: { type: 'boolean' } }, required: ['yes'], additionalProperties: false },
  },
};

describe('openai chat', () => {
  let provider: FakeChatServer;
  beforeEach(async () => {
    provider = await createFakeChatServer({ apiKey, reply: () => ({ yes: true }) });
  });
  afterEach(() => provider.close());
  const create = (options: Partial<OpenAiChatOptions> = {}) =>
    createOpenAiChat({ apiKey: { reveal: () => apiKey }, baseUrl: provider.url, model, maxAnswerTokens: 500, ...options });
  const failureOf = async (fault: ChatFault, options: Partial<OpenAiChatOptions> = {}): Promise<unknown> => {
    provider.failAlways(fault);
    return create(options)
      .ask(question)
      .then(
        () => {
          throw new Error('it did not fail');
        },
        (error: unknown) => error,
      );
  };

  it('1. asks for JSON by a strict schema, at temperature 0, of so many tokens at most', async () => {
    expect(await create().ask(question)).toEqual({ yes: true });
    expect(provider.requests).toMatchObject([
      {
        model,
        temperature: 0,
        maxAnswerTokens: 500,
        instructions: 'Say yes.',
        input: '简历',
        format: { type: 'json_schema', json_schema: { ...question.format, strict: true } },
      },
    ]);
  });

  it.each<[string, ChatFault, string]>([
    ['429', { kind: 'status', status: 429 }, 'asks to be called less often'],
    ['500', { kind: 'status', status: 500 }, 'answered with status 500'],
    // Jest runs tests in a realm of their own, where the package takes the abort of `fetch` for a failed connection.
    ['no answer', { kind: 'hang' }, '(did not answer in time|cannot be reached)'],
    ['half an answer', { kind: 'hang', afterHeaders: true }, 'did not answer in time'],
    ['a closed connection', { kind: 'reset' }, 'cannot be reached'],
    ['malformed JSON', { kind: 'malformed' }, 'gave an answer that cannot be read'],
    ['a web page', { kind: 'page' }, 'gave an answer that cannot be read'],
    ['prose', { kind: 'prose' }, 'gave an answer that cannot be read'],
  ])('2. 4. is unavailable after %s, and asks once', async (_case, fault, what) => {
    expect(await failureOf(fault, { timeoutMs: 500 })).toMatchObject({
      code: 'AI_PROVIDER_UNAVAILABLE',
      message: expect.stringMatching(`^The provider of some-model ${what}.$`) as string,
    });
    expect(provider.requests).toHaveLength(1);
  });

  it('4. says how long the provider asks to wait', async () => {
    const fault = { kind: 'status', status: 429, headers: { 'retry-after': '120' } } as const;
    expect(await failureOf(fault)).toMatchObject({ code: 'AI_PROVIDER_UNAVAILABLE', details: { retryAfterMs: 120_000, status: 429 } });
  });

  it.each<[string, ChatFault, string]>([
    ['a key that is not known', { kind: 'status', status: 401, code: 'invalid_api_key' }, 'refused the request: 401 invalid_api_key.'],
    ['an answer that was cut off', { kind: 'truncated' }, 'was cut off at 500 tokens of answer.'],
    ['a refusal', { kind: 'refusal' }, 'refused to answer.'],
    ['a filter', { kind: 'filtered' }, 'refused to answer.'],
  ])('4. is rejected after %s, and tells neither the key nor the texts', async (_case, fault, what) => {
    const failure = await failureOf(fault);
    expect(failure).toMatchObject({ code: 'AI_PROVIDER_REJECTED', message: `The provider of some-model ${what}` });
    expect(inspect((failure as { details: unknown }).details)).not.toMatch(/hunter2|简历/);
  });

  it('3. an aborted signal rejects with its reason', async () => {
    provider.failAlways({ kind: 'hang' });
    const controller = new AbortController();
    const reason = new Error('the caller has left');
    const call = create().ask(question, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
    await expect(create().ask(question, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(provider.requests).toHaveLength(1);
  });

  it('5. counts what was paid for, also for an answer of no use', async () => {
    const metrics = createMetrics();
    const chat = create({ metrics });
    await chat.ask(question);
    provider.fail({ kind: 'truncated' }, { kind: 'status', status: 500 });
    for (let call = 0; call < 2; call += 1) await chat.ask(question).catch(() => undefined);
    const { body } = await metrics.render();
    expect(body).toContain('loom_ai_tokens_total{kind="prompt",model="some-model"} 200');
    expect(body).toContain('loom_ai_tokens_total{kind="completion",model="some-model"} 40');
    for (const outcome of ['ok', 'AI_PROVIDER_REJECTED', 'AI_PROVIDER_UNAVAILABLE'])
      expect(body).toContain(`loom_ai_request_seconds_count{model="some-model",outcome="${outcome}"} 1`);
  });
});
