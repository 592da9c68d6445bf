import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One item of a list fails at once, another one later, when nobody waits for it any more. */
const program = (late: string): string => `
  import { runUntilSignal } from './shared/subgraph-kit/dist/run-until-signal.js';
  import { buildSchema, execute, parse } from 'graphql';
  await runUntilSignal('test', async () => {
    const failLater = new Promise((_, reject) => setTimeout(() => reject(new Error('late')), 5));
    ${late};
    setTimeout(() => { console.log('alive'); process.exit(0); }, 50);
  });`;

const run = (late: string): { readonly status: number | null; readonly stdout: string } =>
  spawnSync(process.execPath, ['--input-type=module', '--eval', program(late)], { cwd: root, encoding: 'utf8' });

describe('a server process', () => {
  it('outlives a field that fails after graphql-js has given it up', () => {
    const execution =
      "execute({ schema: buildSchema('type Query { list: [Int!] }'), document: parse('{ list }'), rootValue: { list: [failLater, null] } })";
    expect(run(execution)).toMatchObject({ status: 0, stdout: 'alive\n' });
  });

  it('ends with any other rejection nobody handles', () => {
    const { status, stdout } = run('void failLater');
    expect([status, stdout]).toEqual([1, '']);
  });
});
