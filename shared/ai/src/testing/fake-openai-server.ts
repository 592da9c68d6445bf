import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { conceptEmbedder } from './concept-embedder.js';

/** How one answer goes wrong. */
export type OpenAiFault =
  | { readonly kind: 'status'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly code?: string }
  /** Never answers; with `afterHeaders` it sends the headers and half a body first. */
  | { readonly kind: 'hang'; readonly afterHeaders?: boolean }
  /** Closes the connection without an answer. */
  | { readonly kind: 'reset' }
  /** Status 200 with half a JSON text. */
  | { readonly kind: 'malformed' }
  /** Status 200 with a web page, as a proxy in between may answer. */
  | { readonly kind: 'page' }
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

  const url = await listen(server, options.port ?? 0);
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  };
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
  if (fault?.kind === 'status') return sendError(response, fault.status, fault.code ?? `status_${fault.status}`, fault.headers);
  if (fault?.kind === 'reset') return void response.destroy();
  if (fault?.kind === 'hang') return void (fault.afterHeaders && startBody(response));
  if (fault?.kind === 'malformed') return void startBody(response).end();
  if (fault?.kind === 'page') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Please sign in</html>');
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

const HALF_A_BODY = '{"object":"list","data":[';

function startBody(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'application/json' }).write(HALF_A_BODY);
  return response;
}

function sendError(response: ServerResponse, status: number, code: string, headers: Readonly<Record<string, string>> = {}): void {
  sendJson(response, status, { error: { message: `refused: ${code}`, type: 'invalid_request_error', code, param: null } }, headers);
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`; // bound to TCP, so not a path
}
