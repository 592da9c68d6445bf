import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, test } from '@jest/globals';
import { checkAnswers } from './check-answers.ts';
import type { Workload } from './workloads/workloads.ts';

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

const workload: Workload = { operation: (index) => ({ query: `{ a${index} }` }), checked: 12 };
const right = { data: { list: [{ name: 'a' }, { name: 'b' }] } };
const check = async (status: number, body: string): Promise<readonly string[]> => {
  server = createServer((_request, response) => response.writeHead(status).end(body)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listens on TCP
  return checkAnswers(`http://127.0.0.1:${port}/graphql`, workload, () => right);
};

test('what equals the expected is right, however its keys are ordered', async () => {
  expect(await check(200, JSON.stringify({ data: { list: [{ name: 'a' }, { name: 'b' }] } }))).toEqual([]);
});

test.each([
  ['another value', 200, JSON.stringify({ data: { list: [{ name: 'a' }, { name: 'c' }] } }), '.data.list.1.name is "c" instead of "b"'],
  ['a missing field', 200, JSON.stringify({ data: { list: [{ name: 'a' }, {}] } }), '.data.list.1.name is missing instead of "b"'],
  [
    'an error beside data',
    200,
    JSON.stringify({ ...right, errors: [{ message: 'no' }] }),
    '.errors is [{"message":"no"}] instead of missing',
  ],
  ['another status', 500, JSON.stringify(right), 'status 500'],
  ['no JSON', 200, '<html>', 'no JSON: <html>'],
])('%s is found in every answer', async (_, status, body, said) => {
  const problems = await check(status, body);
  expect(problems).toHaveLength(workload.checked);
  expect(problems[0]).toContain(said);
});
