/** Cypher over Neo4j's HTTP transaction endpoint (Neo4j HTTP API manual, "Begin and commit a transaction in one request"). */
export interface Neo4jTarget {
  readonly httpPort: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
  readonly timeoutMs: number;
}

interface TransactionResponse {
  readonly results: readonly { readonly data: readonly { readonly row: readonly unknown[] }[] }[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

/** A Cypher error; its `code` is Neo4j's (`Neo.ClientError.…`). */
export class Neo4jError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(`neo4j: ${code}: ${message}`);
    this.code = code;
  }
}

/** Runs one statement and returns its rows. */
export async function neo4jQuery(
  { httpPort, database, user, password, timeoutMs }: Neo4jTarget,
  statement: string,
  parameters: Readonly<Record<string, unknown>> = {},
): Promise<readonly (readonly unknown[])[]> {
  const response = await fetch(`http://127.0.0.1:${httpPort}/db/${database}/tx/commit`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: JSON.stringify({ statements: [{ statement, parameters }] }),
    signal: AbortSignal.timeout(timeoutMs),
  });
  // The endpoint's documented shape; a refusal carries errors only.
  const { results = [], errors } = (await response.json()) as Partial<TransactionResponse>;
  const error = errors?.[0];
  if (error) throw new Neo4jError(error.code, error.message);
  if (!response.ok) throw new Error(`neo4j: HTTP ${response.status}`);
  return results.flatMap((result) => result.data.map(({ row }) => row));
}
