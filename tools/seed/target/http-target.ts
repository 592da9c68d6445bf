import { z } from 'zod';
import { BatchRefused, type BatchOutcome, type Target } from './target.ts';

const MUTATION = `mutation Seed($input: ImportTemplatesInput!) { importTemplates(input: $input) { created updated unchanged categoriesCreated } }`;
const TIMEOUT_MS = 60_000;

const counts = z.object({ created: z.int(), updated: z.int(), unchanged: z.int(), categoriesCreated: z.int() });
const answer = z.object({
  data: z.object({ importTemplates: counts.nullable() }).nullish(),
  errors: z
    .array(
      z.object({
        message: z.string(),
        extensions: z
          .object({
            code: z.string().optional(),
            details: z.object({ rows: z.array(z.object({ index: z.int(), problems: z.array(z.string()) })).optional() }).optional(),
          })
          .optional(),
      }),
    )
    .optional(),
});

/** The mutation `importTemplates` of the gateway at the URL. */
export function createHttpTarget({ url, token }: { url: string; token: string }): Target {
  return {
    name: url,
    async send(rows, { createCategories }) {
      const body = JSON.stringify({ query: MUTATION, variables: { input: { rows, createCategories } } });
      return readAnswer(await post(`${url}/graphql`, token, body));
    },
    settle: () => Promise.resolve(true), // the gateway's own relay is at it
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function post(url: string, token: string, body: string): Promise<{ status: number; text: string }> {
  try {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
    const response = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? message;
    // Whether the batch was written is not known; to send it again is harmless.
    throw new BatchRefused('NO_ANSWER', `${url} does not answer (${reason}).`, { cause: error });
  }
}

function readAnswer({ status, text }: { status: number; text: string }): BatchOutcome {
  let parsed: z.infer<typeof answer>;
  try {
    parsed = answer.parse(JSON.parse(text));
  } catch (error) {
    throw new BatchRefused(`HTTP_${status}`, `The server's answer is not GraphQL: ${text.slice(0, 200)}`, { cause: error });
  }
  const [error] = parsed.errors ?? [];
  if (error)
    throw new BatchRefused(error.extensions?.code ?? `HTTP_${status}`, error.message, { rows: error.extensions?.details?.rows ?? [] });
  if (!parsed.data?.importTemplates) throw new BatchRefused(`HTTP_${status}`, 'The answer has neither data nor errors.');
  return parsed.data.importTemplates;
}
