import { Agent } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { post } from '../../tools/harness/graphql.ts';
import type { Operation } from '../gateway/graph/operation.ts';
import type { Workload } from '../gateway/workloads/workloads.ts';

const TIMEOUT_MS = 30_000;
const SHOWN = 300;

/** What a gateway answers to the first operations of a workload, as a caller with a token, against what is expected. @returns what is wrong */
export async function checkAnswers(
  url: string,
  options: { readonly workload: Workload; readonly expected: (operation: Operation) => unknown; readonly token: string | undefined },
): Promise<readonly string[]> {
  const { workload, expected, token } = options;
  const agent = new Agent({ keepAlive: true });
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const problems: string[] = [];
  try {
    for (let index = 0; index < workload.checked; index++) {
      const operation = workload.operation(index);
      const { text } = await post(url, { agent, headers, body: JSON.stringify(operation), timeoutMs: TIMEOUT_MS });
      if (!isDeepStrictEqual(JSON.parse(text), expected(operation)))
        problems.push(`${operation.query.slice(0, SHOWN)}: ${text.slice(0, SHOWN)}`);
    }
  } finally {
    agent.destroy();
  }
  return problems;
}
