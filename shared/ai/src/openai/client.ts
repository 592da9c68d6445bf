import { OpenAI } from 'openai';
import { createPatientFetch } from './patient-fetch.js';

const DEFAULT_BASE_URL = 'https://api.openai.com/v1';

export interface OpenAiClientOptions {
  readonly apiKey: string | { reveal(): string };
  /** Of any server that speaks the protocol, up to and with `/v1`. */
  readonly baseUrl?: string;
  /** After the first attempt. Default 3. */
  readonly maxRetries?: number;
  /** A provider that asks to wait longer is not retried. Default 20 s. */
  readonly maxRetryWaitMs?: number;
  /** Of one attempt, its body included. Default 30 s. */
  readonly timeoutMs?: number;
}

/** The client of the `openai` package, with nothing in it that did not come by the configuration. */
export function createOpenAiClient(options: OpenAiClientOptions): OpenAI {
  const { apiKey, baseUrl = DEFAULT_BASE_URL, maxRetries = 3, maxRetryWaitMs = 20_000, timeoutMs = 30_000 } = options;
  return new OpenAI({
    apiKey: typeof apiKey === 'string' ? apiKey : apiKey.reveal(),
    baseURL: baseUrl,
    maxRetries,
    timeout: timeoutMs,
    fetch: createPatientFetch({ maxRetryWaitMs, timeoutMs }),
    // Given, so that the package does not look for them in the environment: the configuration is the only way in.
    organization: null,
    project: null,
    adminAPIKey: null,
    webhookSecret: null,
    logLevel: 'off',
  });
}
