import { Agent } from 'node:http';
import { isDeepStrictEqual } from 'node:util';
import { post } from '../../tools/harness/graphql.ts';
import type { Operation } from './graph/operation.ts';
import type { Workload } from './workloads/workloads.ts';

/** At once: an answer must be right beside others, too. */
const CONCURRENCY = 10;
const TIMEOUT_MS = 30_000;
const SHOWN = 300;

/** What a gateway answers to the first operations of a workload against what is expected. @returns what is wrong, at most one by operation */
export async function checkAnswers(
  url: string,
  workload: Workload,
  expected: (operation: Operation) => unknown,
): Promise<readonly string[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
  const problems: string[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < Math.max(workload.checked, CONCURRENCY)) {
      const operation = workload.operation(next++);
      const problem = await check(url, { agent, operation, expected: expected(operation) });
      if (problem !== undefined) problems.push(problem);
    }
  };
  try {
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
  } finally {
    agent.destroy();
  }
  return problems;
}

async function check(
  url: string,
  { agent, operation, expected }: { readonly agent: Agent; readonly operation: Operation; readonly expected: unknown },
): Promise<string | undefined> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const { status, text } = await post(url, { agent, headers, body: JSON.stringify(operation), timeoutMs: TIMEOUT_MS });
  const asked = `${operation.query.replaceAll(/\s+/g, ' ')} ${JSON.stringify(operation.variables ?? {})}`;
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return `${asked}: status ${status}, no JSON: ${text.slice(0, SHOWN)}`;
  }
  if (status !== 200) return `${asked}: status ${status}: ${text.slice(0, SHOWN)}`;
  const difference = firstDifference(answer, expected, '');
  return difference === undefined ? undefined : `${asked}: ${difference}`;
}

function firstDifference(answer: unknown, expected: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(answer, expected)) return undefined;
  if (isContainer(answer) && isContainer(expected) && Array.isArray(answer) === Array.isArray(expected)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(answer)])) {
      const difference = firstDifference(answer[key], expected[key], `${path}.${key}`);
      if (difference !== undefined) return difference;
    }
  }
  return `${path} is ${show(answer)} instead of ${show(expected)}`;
}

const isContainer = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const show = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value).slice(0, SHOWN));
