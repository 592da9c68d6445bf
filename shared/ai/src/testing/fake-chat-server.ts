import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { closeServer, listenLocally, sendError, sendFault, sendJson, type ProtocolFault } from './protocol-answers.js';

/** How one answer goes wrong. */
export type ChatFault =
  | ProtocolFault
  /** Ends in the middle, as answers do that need more tokens than they are given. */
  | { readonly kind: 'truncated' }
  /** The model declines. */
  | { readonly kind: 'refusal' }
  /** What the provider's filter held back. */
  | { readonly kind: 'filtered' }
  /** Text that is no JSON. */
  | { readonly kind: 'prose' }
  /** JSON of another form. */
  | { readonly kind: 'value'; readonly value: unknown };

export interface ChatRequest {
  readonly model: string;
  readonly temperature: number | undefined;
  readonly maxAnswerTokens: number | undefined;
  readonly instructions: string;
  readonly input: string;
  /** As it was sent. */
  readonly format: unknown;
  /** `performance.now()` at its arrival. */
  readonly receivedAtMs: number;
}

export interface FakeChatServerOptions {
  /** The "model": what it answers, as a value. */
  readonly reply: (request: ChatRequest) => unknown;
  /** Any other key is refused with 401; every key is taken when left out. */
  readonly apiKey?: string;
}

/** A real HTTP server on 127.0.0.1 that speaks chat completions of the OpenAI protocol, for tests. Every answer costs 100 and 20 tokens. */
export interface FakeChatServer extends AsyncDisposable {
  /** Base URL, with `/v1`. */
  readonly url: string;
  /** Every request that was authorised, failed ones too, in the order of arrival. */
  readonly requests: readonly ChatRequest[];
  /** The next answers go wrong like this, in turn. */
  fail(...faults: readonly ChatFault[]): void;
  /** Every answer goes wrong, until called with null. */
  failAlways(fault: ChatFault | null): void;
  close(): Promise<void>;
}

interface CompletionsBody {
  readonly model: string;
  readonly temperature?: number;
  readonly max_completion_tokens?: number;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly response_format?: unknown;
}

export async function createFakeChatServer(options: FakeChatServerOptions): Promise<FakeChatServer> {
  const requests: ChatRequest[] = [];
  const faults: ChatFault[] = [];
  let lasting: ChatFault | null = null;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request);
    if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`)
      return sendError(response, 401, 'invalid_api_key');
    if (request.method !== 'POST' || request.url !== '/v1/chat/completions') return sendError(response, 404, 'not_found');
    const parsed = JSON.parse(body) as CompletionsBody;
    const contentOf = (role: string): string => parsed.messages.find((message) => message.role === role)?.content ?? '';
    const asked: ChatRequest = {
      model: parsed.model,
      temperature: parsed.temperature,
      maxAnswerTokens: parsed.max_completion_tokens,
      instructions: contentOf('system'),
      input: contentOf('user'),
      format: parsed.response_format,
      receivedAtMs: performance.now(),
    };
    requests.push(asked);
    const fault = lasting ?? faults.shift();
    if (sendFault(response, fault)) return;
    sendJson(response, 200, completion(asked, fault, options.reply));
  };

  const url = await listenLocally(server);
  const close = (): Promise<void> => closeServer(server);
  return {
    url,
    requests,
    fail: (...next) => void faults.push(...next),
    failAlways: (fault) => {
      lasting = fault;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function completion(asked: ChatRequest, fault: ChatFault | undefined, reply: FakeChatServerOptions['reply']): object {
  const text = JSON.stringify(fault?.kind === 'value' ? fault.value : reply(asked));
  const contents: Partial<Record<ChatFault['kind'], string | null>> = {
    truncated: text.slice(0, text.length / 2),
    refusal: null,
    filtered: '',
    prose: 'Certainly! The candidate is a great match.',
  };
  const content = fault && fault.kind in contents ? contents[fault.kind] : text;
  return {
    id: 'chatcmpl-test',
    object: 'chat.completion',
    created: 0,
    model: asked.model,
    choices: [
      {
        index: 0,
        finish_reason: fault?.kind === 'truncated' ? 'length' : fault?.kind === 'filtered' ? 'content_filter' : 'stop',
        message: { role: 'assistant', content, refusal: fault?.kind === 'refusal' ? 'I cannot help with that.' : null },
      },
    ],
    usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
  };
}
