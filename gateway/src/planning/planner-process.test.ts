import { createMemoryLogger, silentLogger } from '@loomgraph/telemetry';
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
const start = (options: { readonly idleMs?: number; readonly maxMemoryBytes?: number } = {}): PlannerProcess =>
  createPlannerProcess({ engine: 'hive', supergraphSdl, logger: silentLogger, ...options });

/** Valid, and Hive's planner panics over it (graphql-hive/router issue 1311). */
const PANIC = '{ ts { ... on C { e { v(n: 1) } } ... on D { e { v(n: 2) } } } }';

/** Every field is resolved by every subgraph: Apollo's planner looks at thousands of ways, which takes it seconds. */
const NODE =
  'type Query { node: Node @shareable } type Node @key(fields: "id") { id: ID! a: Node @shareable b: Node @shareable c: Node @shareable }';
const sharedEverywhere = compose({ s1: NODE, s2: NODE, s3: NODE, s4: NODE, s5: NODE, s6: NODE });
const deepAndShared = (depth: number): string => {
  const inner = (left: number): string =>
    left === 0 ? 'id' : `id a { ${inner(left - 1)} } b { ${left % 3 === 0 ? inner(left - 1) : 'id'} } c { id }`;
  return `{ node { ${inner(depth)} } }`;
};

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

  it('clause 4: after a crash, waits before it starts again and says so', async () => {
    const planner = keep(start());
    await planner.ready();
    await expect(planner.plan(request(PANIC))).rejects.toThrow(/^The hive planner ended: SIGABRT/);
    await expect(planner.plan(request('{ x { y } }'))).rejects.toThrow('is not started again yet');
  });

  // Only Linux tells how much memory another process has.
  (process.platform === 'linux' ? it : it.skip)('clause 3: ends one that needs too much memory, and refuses what it plans', async () => {
    const logger = createMemoryLogger();
    const planner = keep(createPlannerProcess({ engine: 'apollo', supergraphSdl: sharedEverywhere, logger, maxMemoryBytes: 64 * 2 ** 20 }));
    await expect(planner.plan(request(deepAndShared(9)))).rejects.toMatchObject({
      code: 'OPERATION_TOO_COMPLEX',
      details: { limit: 'planMemory', max: 64 * 2 ** 20, counted: expect.any(Number) },
    });
    expect(logger.lines.map(({ message }) => message)).toContain('A planner process needs too much memory and is ended');
  });
});
