import { setTimeout } from 'node:timers/promises';
import { createMemoryLogger } from '@loomgraph/telemetry';
import { choosePlanner } from './choose-planner.js';
import { compose, fetches, noOverride, outline, planned } from './planners.fixture.js';

const supergraphSdl = compose({
  a: `directive @mark on FIELD
      scalar Big
      type Query { me: User things: [Thing] q(x: Big): Int }
      interface Thing { owner: User }
      type C implements Thing { owner: User }
      type D implements Thing { owner: User }
      type User @key(fields: "id") { id: ID! }`,
  b: 'directive @mark on FIELD type Query { z: Int } type User @key(fields: "id") { id: ID! age(at: Int): Int }',
});

/** Valid; it makes Hive's planner panic (graphql-hive/router issue 1311) where its fields are not given keys of their own. */
const PANIC = '{ things { ... on C { owner { age(at: 1) } } ... on D { owner { age(at: 2) } } } }';

const byTheSecond = (reason: unknown) =>
  expect.objectContaining({
    level: 'warn',
    message: 'An operation is planned by another planner',
    fields: expect.objectContaining({ planner: 'stepwise', reason }),
  });

const opened: AsyncDisposable[] = [];
const keep = <T extends AsyncDisposable>(each: T): T => {
  opened.push(each);
  return each;
};
/** A process that ended is not started again at once. */
async function startedAgain(planner: Awaited<ReturnType<typeof choosePlanner>>): Promise<void> {
  for (;;) {
    const isReady = await planner.ready().then(
      () => true,
      () => false,
    );
    if (isReady) return;
    await setTimeout(10);
  }
}

afterEach(async () => {
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

describe('choosePlanner', () => {
  it('takes the faster planner and says so', async () => {
    const logger = createMemoryLogger();
    const planner = keep(await choosePlanner({ supergraphSdl, logger }));
    expect(planner.name).toBe('hive');
    expect(logger.lines).toEqual([
      { level: 'info', message: 'Query planner chosen', fields: { planner: 'hive', reason: 'it is the faster one' } },
    ]);
  });

  it.each(['hive', 'apollo', 'stepwise'] as const)('takes %s where it is set', async (setting) => {
    const planner = keep(await choosePlanner({ supergraphSdl, planner: setting }));
    expect(planner.name).toBe(setting);
    expect(outline(await planner.plan(planned('{ me { age } }'), noOverride))).toBe('[a b(me)]');
  });

  it('takes Apollo where the supergraph uses what Hive does not know', async () => {
    const logger = createMemoryLogger();
    const withContext = supergraphSdl.replace(
      '@link(url: "https://specs.apollo.dev/join',
      '@link(url: "https://specs.apollo.dev/context/v0.1") @link(url: "https://specs.apollo.dev/join',
    );
    const planner = keep(await choosePlanner({ supergraphSdl: withContext, logger }));
    expect(planner.name).toBe('apollo');
    expect(logger.lines[0]?.fields).toMatchObject({ reason: "Hive's planner does not know @fromContext" });
  });

  it('says what is wrong with a supergraph that no planner takes', async () => {
    await expect(choosePlanner({ supergraphSdl: 'type Query {' })).rejects.toThrow('The apollo planner does not start: Syntax Error');
  });

  it('plans with the second planner what ends the first, and with the first again what comes after', async () => {
    const logger = createMemoryLogger();
    const planner = keep(await choosePlanner({ supergraphSdl, logger }));
    expect(outline(await planner.plan(planned(PANIC), noOverride))).toBe('[a b(things.@.<C>.owner things.@.<D>.owner)]');
    expect(logger.lines).toContainEqual(byTheSecond('hive finds no plan: The hive planner ended: SIGABRT'));
    await startedAgain(planner);
    logger.clear();
    expect(outline(await planner.plan(planned('{ me { age } }'), noOverride))).toBe('[a b(me)]');
    expect(logger.lines).toEqual([]);
  });

  it('plans with the second planner what the first cannot read, would drop or would spoil', async () => {
    const logger = createMemoryLogger();
    const planner = keep(await choosePlanner({ supergraphSdl, logger }));
    await planner.plan(planned('{ q(x: 123456789012345678901234567890) }'), noOverride);
    expect(logger.lines).toContainEqual(byTheSecond(expect.stringContaining('number too large')));
    const marked = await planner.plan(planned('{ me @mark { age } }'), noOverride);
    expect(fetches(marked)[0]?.operation).toContain('@mark');
    expect(logger.lines).toContainEqual(byTheSecond('it has a directive other than @skip and @include'));
    expect(fetches(await planner.plan(planned('{ q(x: 1e400) z }'), noOverride))[0]?.operation).toBe('{q(x:1e400)}');
    expect(logger.lines).toContainEqual(byTheSecond('it has a number too large for a double'));
  });

  it('plans with the second planner what the first asks of a subgraph that resolves it on another path only', async () => {
    const logger = createMemoryLogger();
    const external = compose({
      a: `type Query { review: Review favourite: User @provides(fields: "email") }
          type Review { author: User @provides(fields: "name") }
          type User @key(fields: "id") { id: ID! name: String! @external email: String! @external }`,
      b: 'type Query { z: Int } type User @key(fields: "id") { id: ID! name: String! @shareable email: String! @shareable }',
    });
    const planner = keep(await choosePlanner({ supergraphSdl: external, logger }));
    expect(outline(await planner.plan(planned('{ review { author { email } } }'), noOverride))).toBe('[a b(review.author)]');
    expect(logger.lines).toContainEqual(byTheSecond('the plan of hive is wrong: a resolves User.email on other paths only'));
  });

  it('plans with the second planner where the first leaves out objects of some type', async () => {
    const logger = createMemoryLogger();
    const media = compose({
      a: `type Query { all: [Media] }
          interface Media @key(fields: "id") { id: ID! }
          type Book implements Media @key(fields: "id") { id: ID! }
          type Song implements Media @key(fields: "id") { id: ID! }`,
      b: 'type Query { shelved: [Media] } type Media @interfaceObject @key(fields: "id") { id: ID! shelf: String }',
    });
    const planner = keep(await choosePlanner({ supergraphSdl: media, logger }));
    const query = '{ shelved { ... on Song { shelf } ... on Book { shelf } } }';
    const plan = await planner.plan(planned(query), noOverride);
    expect(logger.lines).toContainEqual(byTheSecond(expect.stringContaining('nothing brings .shelved.shelf of ')));
    // What all of them want, the interface object has; which of them are there, the other subgraph tells.
    expect(outline(plan)).toBe('[b a(shelved.@)]');
  });

  it('does not try an aborted plan again', async () => {
    const logger = createMemoryLogger();
    const planner = keep(await choosePlanner({ supergraphSdl, logger }));
    const controller = new AbortController();
    const plan = planner.plan(planned('{ me { age } }'), noOverride, controller.signal);
    controller.abort(new Error('gone'));
    await expect(plan).rejects.toThrow('gone');
    expect(logger.lines.filter(({ level }) => level !== 'info')).toEqual([]);
  });
});
