import { silentLogger } from '@loomgraph/telemetry';
import { createPlannerProcess, type PlannerProcess } from './planner-process.js';
import type { PlanRequest } from './planner-messages.js';
import { compose } from './planners.fixture.js';

const supergraphSdl = compose({
  a: `type Query { x: X ts: [T] }
      type X { x: X y: Int }
      interface T { e: E }
      type C implements T { e: E }
      type D implements T { e: E }
      type E @key(fields: "id") { id: ID! }`,
  b: 'type Query { z: Int } type E @key(fields: "id") { id: ID! v(n: Int): Int }',
});
const request = (text: string): PlanRequest => ({ text, operationName: undefined, overrides: [], percentage: 50 });
const start = (options: { readonly idleMs?: number } = {}): PlannerProcess =>
  createPlannerProcess({ engine: 'hive', supergraphSdl, logger: silentLogger, ...options });

/** Valid, and Hive's planner panics over it (graphql-hive/router issue 1311). */
const PANIC = '{ ts { ... on C { e { v(n: 1) } } ... on D { e { v(n: 2) } } } }';

const opened: AsyncDisposable[] = [];
const keep = <T extends AsyncDisposable>(each: T): T => {
  opened.push(each);
  return each;
};
afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

describe('PlannerProcess', () => {
  it('clause 1: ends when idle and starts again when asked', async () => {
    const planner = keep(start({ idleMs: 1 }));
    const plan = { kind: 'QueryPlan', node: expect.objectContaining({ kind: 'Fetch', serviceName: 'a' }) };
    expect(await planner.plan(request('{ x { y } }'))).toEqual(plan);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await planner.plan(request('{ x { x { y } } }'))).toEqual(plan);
  });

  it('clause 1: is over when disposed of', async () => {
    const planner = start();
    await planner.ready();
    await planner[Symbol.asyncDispose]();
    await expect(planner.plan(request('{ x { y } }'))).rejects.toThrow('The hive planner is closed.');
  });

  it('clause 2: rejects with the reason of the signal, and goes on planning for others', async () => {
    const planner = keep(start());
    await planner.ready();
    const controller = new AbortController();
    const aborted = planner.plan(request('{ x { x { y } } }'), controller.signal);
    const other = planner.plan(request('{ x { y } }'));
    // The answer comes from another process, so never before this turn of the event loop ends.
    queueMicrotask(() => controller.abort(new Error('nobody waits')));
    await expect(aborted).rejects.toThrow('nobody waits');
    await expect(other).resolves.toMatchObject({ kind: 'QueryPlan' });
    await expect(planner.plan(request('{ x { y } }'), AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  it('clause 2: rejects with what the engine says', async () => {
    const planner = keep(start());
    await expect(planner.plan(request('{ nothing }'))).rejects.toMatchObject({
      code: 'INTERNAL_SERVER_ERROR',
      message: expect.stringMatching(/^The hive planner: .*nothing/),
    });
  });

  it('clause 3: after a crash, waits before it starts again and says so', async () => {
    const planner = keep(start());
    await planner.ready();
    await expect(planner.plan(request(PANIC))).rejects.toThrow(/^The hive planner ended: SIGABRT/);
    await expect(planner.plan(request('{ x { y } }'))).rejects.toThrow('is not started again yet');
  });
});
