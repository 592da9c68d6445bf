import { signDevelopmentToken, type SecretLike } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import { openGateway } from '@loomgraph/gateway';
import type { ProcessConfig } from '@loomgraph/gateway/process';
import { createLogger, createMetrics } from '@loomgraph/telemetry';
import { defaultUrl, trimUrl } from '../../cli/gateway-url.ts';
import { signingSecret } from '../../token/signing-secret.ts';
import { CommandFailure } from '../../cli/failure.ts';
import { createHttpTarget } from './http-target.ts';
import type { Target } from './target.ts';

const PROBE_TIMEOUT_MS = 2_000;
const SETTLE_TIMEOUT_MS = 120_000;
const TOKEN_SECONDS = 12 * 3_600;

/**
 * The gateway at `url`; where none is named, the one that HOST and PORT name, and where none answers there, one in this process on the
 * configured stores.
 * @throws CommandFailure when a gateway that was named does not answer
 * @throws LoomError CONFIG_INVALID when no token is given and none can be signed
 */
export async function openTarget(options: {
  config: ProcessConfig;
  url: string | undefined;
  token: string | undefined;
  inProcess: boolean;
}): Promise<Target> {
  const { config, token } = options;
  if (options.inProcess) return openInProcess(config, token);
  const url = trimUrl(options.url ?? defaultUrl(config));
  if (await isLive(url)) return createHttpTarget({ url, token: token ?? (await signToken(await signingSecret(config))) });
  if (options.url !== undefined) throw new CommandFailure(`No gateway answers at ${url}/health/live.`);
  return openInProcess(config, token);
}

async function isLive(url: string): Promise<boolean> {
  if (!URL.canParse(url)) throw new CommandFailure(`${url} is no URL.`);
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return ((await response.json()) as { status?: unknown }).status === 'live';
  } catch {
    return false; // refused, no answer, or something else that listens there
  }
}

const signToken = (secret: SecretLike): Promise<string> =>
  signDevelopmentToken({ secret, userId: 'seed', roles: ['admin'], ttlSeconds: TOKEN_SECONDS });

async function openInProcess(config: ProcessConfig, givenToken: string | undefined): Promise<Target> {
  const logger = createLogger({ level: 'error', name: 'seed', destination: process.stderr });
  await using opened = new AsyncDisposableStack();
  const running = opened.use(await openGateway({ config, logger, metrics: createMetrics() }).catch(explain));
  const url = await running.gateway.listen({ host: '127.0.0.1', port: 0 });
  const token = givenToken ?? (await signToken(running.tokenSecret ?? (await signingSecret(config))));
  const { send } = createHttpTarget({ url, token });
  const resources = opened.move();
  return {
    name: `the stores of this installation (${config.stores.dataDir})`,
    send,
    settle: () => running.subgraphs.templates?.relay.whenQuiet(SETTLE_TIMEOUT_MS) ?? Promise.resolve(true),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

function explain(error: unknown): never {
  throw error instanceof LoomError ? new CommandFailure(error.message, { cause: error }) : error;
}
