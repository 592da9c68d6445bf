import {
  builtInPolicy,
  builtInRules,
  createAuthorizer,
  createCasbinEngine,
  SubjectPolicy,
  type Identity,
  type ResourceRef,
  type SubjectFacts,
} from '@loomgraph/auth';
import type { RunContext } from '../../tools/report/command.ts';
import type { Figure } from '../../tools/report/outcome.ts';

/** Microseconds of CPU: other processes of the machine do not count. */
export interface PermissionCosts {
  /** A check of a user whose policy data and decision are here; 10,000 users in turn. */
  readonly checkCachedUs: number;
  /** The first check of a user, the policy data read from memory: its index, and the engine where nobody of the same roles was asked about. */
  readonly checkUncachedUs: number;
  /** The engine alone, over the rules of the resource type. */
  readonly bareEngineUs: number;
}

const USERS = 10_000;
const COMPANIES = 1_000;
const ROLES = ['owner', 'company-admin', 'hr', 'recruiter', 'viewer'];
const AT = new Date(0);

/** Three roles in three companies each; the first lets its holder do what is asked. */
const companyOf = (user: number, nth: number): string => `c${(user * 7 + nth * 131) % COMPANIES}`;
const factsOf = (user: number): SubjectFacts => ({
  roles: [0, 1, 2].map((nth) => ({ role: ROLES[(user + nth) % ROLES.length] ?? 'viewer', companyId: companyOf(user, nth) })),
  groups: [],
  grants: [],
});
/** Everybody but viewers may. */
const isExpected = (user: number): boolean => ROLES[user % ROLES.length] !== 'viewer';

/** What a permission check costs with the engine of the product: 10,000 users, 1,000 companies. */
export async function benchPermissions({ short }: { short: boolean }): Promise<PermissionCosts> {
  const users = Array.from({ length: USERS }, (_, user) => {
    const identity: Identity = { userId: `u${user}`, roles: [], scopes: [], sessionId: `s${user}`, issuedAt: AT, expiresAt: AT };
    const resource: ResourceRef = { type: 'job', id: `j${user}`, companyId: companyOf(user, 0) };
    return { user, identity, resource };
  });
  const at = (turn: number) => users[turn % USERS] ?? fail('no user');
  const source = { ...builtInPolicy, factsOf: (userId: string) => Promise.resolve(factsOf(Number(userId.slice(1)))) };
  await using authorizer = createAuthorizer({ source, pollMs: 60_000 });
  await using earlier = createAuthorizer({ source, pollMs: 60_000 });
  await authorizer.start();
  await earlier.start();

  const checkBy =
    (asked: typeof authorizer) =>
    async (turn: number): Promise<void> => {
      const { user, identity, resource } = at(turn);
      if ((await asked.check(identity, 'update', resource)).allowed !== isExpected(user)) fail(`wrong about user ${user}`);
    };
  // Each code is measured once it is compiled, the engine's below as well.
  await cpuUs(2_000, checkBy(earlier));
  const check = checkBy(authorizer);
  const checkUncachedUs = await cpuUs(USERS, check);
  await cpuUs(USERS * 5, check);
  const checkCachedUs = await cpuUs(short ? 200_000 : 2_000_000, check);

  const engine = await createCasbinEngine(builtInRules);
  const subjects = users.map(({ user, resource }) => {
    const subject = new SubjectPolicy(`u${user}`, factsOf(user), []);
    return { user, subject, situation: subject.situationOf('update', resource) };
  });
  const decide = (turn: number): void => {
    const { user, subject, situation } = subjects[turn % USERS] ?? fail('no user');
    if ((engine.decide(subject, situation) !== undefined) !== isExpected(user)) fail(`the engine is wrong about user ${user}`);
  };
  await cpuUs(2_000, decide);
  return { checkCachedUs, checkUncachedUs, bareEngineUs: await cpuUs(short ? 10_000 : 50_000, decide) };
}

/** The same as figures of `npm run bench -- auth`. */
export async function measurePermissions({ short, say }: { short: boolean } & Pick<RunContext, 'say'>): Promise<readonly Figure[]> {
  say('permissions: checks of 10,000 users in 1,000 companies');
  const { checkCachedUs, checkUncachedUs, bareEngineUs } = await benchPermissions({ short });
  return [
    { name: 'check.cachedUs', value: checkCachedUs, meaning: 'CPU of a permission check whose user is known, µs' },
    {
      name: 'check.uncachedUs',
      value: checkUncachedUs,
      meaning: "CPU of a user's first permission check, without reading the database, µs",
    },
    { name: 'check.bareEngineUs', value: bareEngineUs, meaning: 'CPU of the same decision by casbin alone, µs' },
  ];
}

async function cpuUs(turns: number, work: (turn: number) => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (let turn = 0; turn < turns; turn++) await work(turn);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / turns;
}

function fail(message: string): never {
  throw new Error(message);
}
