import { Agent, request } from 'node:http';

export interface GraphqlError {
  readonly message: string;
  readonly extensions?: { readonly code?: string };
}

export interface GraphqlAnswer<Data> {
  readonly status: number;
  readonly data: Data | null | undefined;
  readonly errors: readonly GraphqlError[];
}

export interface GraphqlRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly token?: string | undefined;
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;

/** GraphQL over kept-alive connections, without retries: what was not answered is for the caller to judge. */
export interface GraphqlClient extends Disposable {
  /** The answer, whatever it says. @throws the connection's error, or Error when the answer is no JSON */
  send<Data>(request: GraphqlRequest): Promise<GraphqlAnswer<Data>>;
  /** @throws Error when the answer has errors, too */
  run<Data>(request: GraphqlRequest): Promise<Data>;
}

export function createGraphqlClient(url: string, { connections = 16 }: { connections?: number } = {}): GraphqlClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const client: GraphqlClient = {
    async send<Data>({ query, variables, token, timeoutMs = DEFAULT_TIMEOUT_MS }: GraphqlRequest) {
      const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
      const { status, text } = await post(`${url}/graphql`, { agent, headers, body: JSON.stringify({ query, variables }), timeoutMs });
      const { data, errors = [] } = JSON.parse(text) as { data?: Data | null; errors?: readonly GraphqlError[] };
      return { status, data, errors };
    },
    async run<Data>(options: GraphqlRequest) {
      const { status, data, errors } = await client.send<Data>(options);
      if (status !== 200 || errors.length > 0 || data == null) {
        throw new Error(
          `GraphQL answered ${status}: ${errors.map(({ message, extensions }) => `${extensions?.code ?? '-'} ${message}`).join('; ') || 'no data'}`,
        );
      }
      return data;
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
  return client;
}

/** One POST. `fetch` would do, at several times the CPU, of which the measured process is to have its share. */
export function post(
  url: string,
  options: { agent: Agent; headers: Readonly<Record<string, string>>; body: string; timeoutMs: number },
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent: options.agent,
        headers: { ...options.headers, 'content-length': Buffer.byteLength(options.body) },
        timeout: options.timeoutMs,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.once('aborted', () => reject(Object.assign(new Error('The answer broke off.'), { code: 'ECONNRESET' })));
        response.once('end', () => resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
      },
    );
    outgoing.once('timeout', () =>
      outgoing.destroy(Object.assign(new Error(`No answer within ${options.timeoutMs} ms.`), { code: 'ETIMEDOUT' })),
    );
    outgoing.once('error', reject);
    outgoing.end(options.body);
  });
}
