import { CommandFailure } from '../cli/failure.ts';

const TIMEOUT_MS = 60_000;

/** The gateway, asked as an administrator. */
export interface SyncClient {
  /** @throws CommandFailure with the code and message of the first error */
  run<Data>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>;
}

export function createSyncClient({ url, token }: { url: string; token: string }): SyncClient {
  return {
    async run<Data>(query: string, variables?: Readonly<Record<string, unknown>>) {
      let response: Response;
      try {
        response = await fetch(`${url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query, variables }),
          signal: AbortSignal.timeout(TIMEOUT_MS),
        });
      } catch (error) {
        throw new CommandFailure(`No gateway answers at ${url}; is it running? (npm start)`, { cause: error });
      }
      const text = await response.text();
      const answer = parse(text) as
        | { data?: Data | null; errors?: readonly { message: string; extensions?: { code?: string } }[] }
        | undefined;
      if (!answer) throw new CommandFailure(`${url} answered ${response.status}, which is not GraphQL: ${text.slice(0, 200)}`);
      const [error] = answer.errors ?? [];
      if (error) throw new CommandFailure(`${error.extensions?.code ?? response.status}: ${error.message}`);
      if (!answer.data) throw new CommandFailure(`${url} answered ${response.status} without data.`);
      return answer.data;
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
