import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { conceptEmbedder } from './concept-embedder.js';
import { closeServer, listenLocally, sendError, sendFault, sendJson, type ProtocolFault } from './protocol-answers.js';

/** How one answer goes wrong. */
export type OpenAiFault =
  | ProtocolFault
  /** Vectors of other dimensions than asked for. */
  | { readonly kind: 'dimensions'; readonly dimensions: number }
  /** One vector too few. */
  | { readonly kind: 'count' }
  /** Right, in the reverse order. */
  | { readonly kind: 'reversed' };

export interface OpenAiRequest {
  readonly model: string;
  readonly texts: readonly string[];
  readonly dimensions: number | undefined;
  readonly encodingFormat: string | undefined;
  /** `performance.now()` at its arrival. */
  readonly receivedAtMs: number;
}

export interface FakeOpenAiServerOptions {
  /** The "model"; `conceptEmbedder` when left out. */
  readonly embed?: (text: string) => readonly number[];
  /** Of the default model, when the request names none. */
  readonly dimensions?: number;
  /** Any other key is refused with 401; every key is taken when left out. */
  readonly apiKey?: string;
  readonly port?: number;
  /** Always sends lists of numbers, as servers do that do not know `encoding_format`. */
  readonly floatsOnly?: boolean;
}

/** A real HTTP server on 127.0.0.1 that speaks the OpenAI embeddings protocol, for tests. */
export interface FakeOpenAiServer extends AsyncDisposable {
  /** Base URL, with `/v1`. */
  readonly url: string;
  /** Every request to the embeddings endpoint that was authorised, failed ones too, in the order of arrival. */
  readonly requests: readonly OpenAiRequest[];
  /** The next answers go wrong like this, in turn. */
  fail(...faults: readonly OpenAiFault[]): void;
  /** Every answer goes wrong, until called with null. */
  failAlways(fault: OpenAiFault | null): void;
  close(): Promise<void>;
}

interface EmbeddingsBody {
  readonly model: string;
  readonly input: string | readonly string[];
  readonly dimensions?: number;
  readonly encoding_format?: string;
}

export async function createFakeOpenAiServer(options: FakeOpenAiServerOptions = {}): Promise<FakeOpenAiServer> {
  const requests: OpenAiRequest[] = [];
  const faults: OpenAiFault[] = [];
  let lasting: OpenAiFault | null = null;
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readText(request);
    if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`)
      return sendError(response, 401, 'invalid_api_key');
    if (request.method !== 'POST' || request.url !== '/v1/embeddings') return sendError(response, 404, 'not_found');
    const parsed = JSON.parse(body) as EmbeddingsBody;
    const texts = typeof parsed.input === 'string' ? [parsed.input] : parsed.input;
    const { model, dimensions, encoding_format: encodingFormat } = parsed;
    requests.push({ model, texts, dimensions, encodingFormat, receivedAtMs: performance.now() });
    if (texts.length === 0 || texts.includes('')) return sendError(response, 400, 'invalid_input');
    const fault = lasting ?? faults.shift();
    const embed = options.embed ?? conceptEmbedder(dimensions ?? options.dimensions ?? 1_536);
    const base64 = encodingFormat === 'base64' && options.floatsOnly !== true;
    answer(response, { model, vectors: texts.map((text) => embed(text)), base64, fault });
  };

  const url = await listenLocally(server, options.port);
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

interface Answer {
  readonly model: string;
  readonly vectors: readonly (readonly number[])[];
  readonly base64: boolean;
  readonly fault: OpenAiFault | undefined;
}

function answer(response: ServerResponse, { model, vectors, base64, fault }: Answer): void {
  if (sendFault(response, fault)) return;
  const sized = fault?.kind === 'dimensions' ? vectors.map(() => Array.from({ length: fault.dimensions }, () => 0.5)) : vectors;
  const items = sized.map((vector, index) => ({ object: 'embedding', index, embedding: base64 ? toBase64(vector) : vector }));
  if (fault?.kind === 'count') items.pop();
  if (fault?.kind === 'reversed') items.reverse();
  sendJson(response, 200, { object: 'list', model, data: items, usage: { prompt_tokens: vectors.length, total_tokens: vectors.length } });
}

/** Little-endian single-precision numbers, as OpenAI encodes them. */
function toBase64(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}
