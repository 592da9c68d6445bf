import { signDevelopmentToken } from '@loomgraph/auth';
import { loadConfig, type Environment } from '@loomgraph/config';
import { processConfig } from '@loomgraph/gateway/process';
import { signingSecret } from '../token/signing-secret.ts';
import { CommandFailure } from './failure.ts';
import { defaultUrl, trimUrl } from './gateway-url.ts';

const TIMEOUT_MS = 60_000;
/** As long as a command may wait for a job. */
const TOKEN_SECONDS = 12 * 3_600;

/** The gateway, asked as an administrator. */
export interface Client {
  /** @throws CommandFailure with the code and message of the first error */
  run<Data>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<Data>;
}

/**
 * @param options.url the gateway; HOST and PORT name the default
 * @param options.token of an administrator; signed with the development secret when left out
 */
export async function openClient(
  env: Environment,
  options: { readonly url: string | undefined; readonly token: string | undefined },
): Promise<Client> {
  const config = loadConfig(processConfig, env);
  const url = trimUrl(options.url ?? defaultUrl(config));
  const sign = async (): Promise<string> =>
    signDevelopmentToken({ secret: await signingSecret(config), userId: 'operator', roles: ['admin'], ttlSeconds: TOKEN_SECONDS });
  const token = options.token ?? (await sign());
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
