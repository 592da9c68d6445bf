import type { Identity } from '@loomgraph/auth';
import type { Subgraph } from '@loomgraph/subgraph-kit';
import type { PolicyDecider } from '../../src/authorization/policy-decider.js';
import { sdlSubgraph } from './sample-subgraphs.js';

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@external", "@requires", "@shareable", "@interfaceObject", "@authenticated", "@requiresScopes", "@policy"])`;

const PEOPLE_SDL = `${LINK}
  type Query {
    me: User
    users: [User!]!
    nodes: [Node!]!
    results: [Result]
    report: Report @requiresScopes(scopes: [["report"]])
    level: Level
    grid: [[User]]
    strict: Strict
  }
  type Mutation { ping: String  rename(name: String!): User @authenticated  wipe: String! @requiresScopes(scopes: [["admin"]]) }
  interface Node @key(fields: "id") { id: ID! label: String note: String }
  type User implements Node @key(fields: "id") {
    id: ID! label: String note: String
    name: String!
    email: String @authenticated
    salary: Int! @requiresScopes(scopes: [["hr", "pay"], ["admin"]])
    friends: [User!]!
    manager: User
    badge: Badge @policy(policies: [["boss"]])
    favourite: Node
  }
  type Bot implements Node @key(fields: "id") { id: ID! label: String note: String @authenticated version: Int owner: User }
  type Vault implements Thing @authenticated { code: String size: Int }
  type Box implements Thing { size: Int }
  interface Thing { size: Int }
  type Badge { number: Int }
  type Report { title: String }
  type Strict { open: String secret: String! @requiresScopes(scopes: [["admin"]]) things: [Thing] }
  union Result = User | Bot | Vault
  enum Level @requiresScopes(scopes: [["level"]]) { LOW HIGH }
`;

const WORK_SDL = `${LINK}
  type User @key(fields: "id") {
    id: ID!
    salary: Int! @external
    reviews: [Review!]! @requiresScopes(scopes: [["hr"]])
    bonus: Int @requires(fields: "salary") @requiresScopes(scopes: [["hr", "pay"], ["admin"]])
    desk: String
  }
  type Review { stars: Int author: User body: String @authenticated }
`;

const TRACES_SDL = `${LINK}
  type Node @key(fields: "id") @interfaceObject { id: ID! tags: [String!] trace: String @requiresScopes(scopes: [["trace"]]) }
`;

/** What it takes to have a field, written by hand beside the schema. A place of an interface takes what all its types take. */
export interface Needs {
  readonly authenticated?: true;
  readonly scopes?: readonly (readonly string[])[];
  readonly policies?: readonly (readonly string[])[];
}

const PAY: Needs = { scopes: [['hr', 'pay'], ['admin']] };

export const NEEDS: Readonly<Record<string, Needs>> = {
  'Query.report': { scopes: [['report']] },
  'Query.level': { scopes: [['level']] },
  'Mutation.rename': { authenticated: true },
  'Mutation.wipe': { scopes: [['admin']] },
  'User.email': { authenticated: true },
  'User.salary': PAY,
  'User.bonus': PAY,
  'User.badge': { policies: [['boss']] },
  'User.reviews': { scopes: [['hr']] },
  'User.trace': { scopes: [['trace']] },
  'Bot.trace': { scopes: [['trace']] },
  'Bot.note': { authenticated: true },
  'Vault.code': { authenticated: true },
  'Vault.size': { authenticated: true },
  // The type of the value is protected, or one that it may be.
  'Strict.things': { authenticated: true },
  'Strict.secret': { scopes: [['admin']] },
  'Review.body': { authenticated: true },
};

interface Row {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

const rows: Record<string, Row> = {};
const row = (id: string): Row => rows[id]!;
const user = (id: string, rest: object): Row => ({
  __typename: 'User',
  id,
  label: `label ${id}`,
  note: `note ${id}`,
  name: `name ${id}`,
  email: `${id}@example.com`,
  salary: 100 + Number(id.slice(1)),
  badge: { __typename: 'Badge', number: Number(id.slice(1)) },
  bonus: 10,
  desk: `desk ${id}`,
  tags: ['a', id],
  trace: `trace ${id}`,
  ...rest,
});
const bot = (id: string, rest: object): Row => ({
  __typename: 'Bot',
  id,
  label: `label ${id}`,
  note: `note ${id}`,
  version: 3,
  tags: ['b', id],
  trace: `trace ${id}`,
  ...rest,
});
const lazily = (read: () => unknown): PropertyDescriptor => ({ get: read, enumerable: true });
const linked = (made: Row, links: Readonly<Record<string, () => unknown>>): Row =>
  Object.defineProperties(made, Object.fromEntries(Object.entries(links).map(([name, read]) => [name, lazily(read)])));
const review = (stars: number, author: () => unknown): Row => linked({ __typename: 'Review', stars, body: `stars ${stars}` }, { author });

rows['u1'] = linked(user('u1', {}), {
  friends: () => [row('u2'), row('u3')],
  manager: () => row('u2'),
  favourite: () => row('b1'),
  reviews: () => [review(5, () => row('u2')), review(3, () => null)],
});
rows['u2'] = linked(user('u2', {}), { friends: () => [row('u1')], manager: () => null, favourite: () => row('u1'), reviews: () => [] });
rows['u3'] = linked(user('u3', { email: null, badge: null }), {
  friends: () => [],
  manager: () => row('u1'),
  favourite: () => null,
  reviews: () => [review(1, () => row('u1'))],
});
rows['b1'] = linked(bot('b1', {}), { owner: () => row('u1') });
rows['b2'] = linked(bot('b2', { note: null }), { owner: () => null });

const vault: Row = { __typename: 'Vault', code: '0451', size: 9 };
const things = [vault, { __typename: 'Box', size: 1 }];

/** Everything there is, as one object for the reference execution. */
export const guardedRoot: Readonly<Record<string, unknown>> = {
  me: row('u1'),
  users: [row('u1'), row('u2'), row('u3')],
  nodes: [row('u1'), row('b1'), row('u3'), row('b2')],
  results: [row('u2'), row('b1'), vault, null],
  report: { __typename: 'Report', title: 'All is well' },
  level: 'HIGH',
  grid: [[row('u1'), null], [row('u3')]],
  strict: { __typename: 'Strict', open: 'open', secret: 'secret', things },
  ping: 'pong',
  rename: row('u1'),
  wipe: 'wiped',
};

/** Subgraphs with protected fields of every kind. @param calls gets the name of each root field of a mutation that runs */
export function guardedSubgraphs(calls: string[] = []): readonly Subgraph[] {
  const roots = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, () => guardedRoot[name]]));
  const mutation = (name: string) => () => {
    calls.push(name);
    return guardedRoot[name];
  };
  const typed = { __resolveType: ({ __typename }: Row) => __typename };
  const byId = ({ id }: { readonly id: string }) => rows[id];
  const people = sdlSubgraph('people', PEOPLE_SDL, {
    Query: roots(['me', 'users', 'nodes', 'results', 'report', 'level', 'grid', 'strict']),
    Mutation: { ping: mutation('ping'), rename: mutation('rename'), wipe: mutation('wipe') },
    Node: { ...typed, __resolveReference: byId },
    Result: typed,
    Thing: typed,
    User: { __resolveReference: byId },
    Bot: { __resolveReference: byId },
  });
  const work = sdlSubgraph('work', WORK_SDL, {
    User: { __resolveReference: ({ id }: { readonly id: string }) => rows[id] },
  });
  const traces = sdlSubgraph('traces', TRACES_SDL, {
    Node: { __resolveReference: ({ id }: { readonly id: string }) => ({ id, tags: rows[id]?.['tags'], trace: rows[id]?.['trace'] }) },
  });
  return [people, work, traces];
}

/** Meets a policy where it is a role of the caller. */
export const rolePolicies: PolicyDecider = {
  decide: (identity, policies) => Promise.resolve(new Set(policies.filter((name) => identity?.roles.includes(name)))),
};

export function callerWith(options: { scopes?: readonly string[]; roles?: readonly string[] } = {}): Identity {
  const { scopes = [], roles = [] } = options;
  return { userId: 'ada', roles, scopes, issuedAt: new Date(0), expiresAt: new Date(8.64e12) };
}
