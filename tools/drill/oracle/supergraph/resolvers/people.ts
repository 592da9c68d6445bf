import { all, at, find, findAny, some, type Item } from '../records.ts';
import type { World } from '../world.ts';
import { refusal, type ResolverTable } from './resolver.ts';

const ROLES = ['BUYER', 'SELLER', 'ADMIN'];

export const emailOf = ({ id }: Item) => `${id}@example.com`;
export const userByEmail = (email: unknown) => all('User').find((user) => emailOf(user) === email);
export const joinedAtOf = ({ index }: Item) => new Date(Date.UTC(2010 + index, 0, 1, 12, 30));
export const addressOf = ({ index }: Item) =>
  index === 4 ? null : { road: `Road ${index}`, city: `City ${index % 3}`, country: index % 2 === 0 ? null : 'CH' };
const registryOf = ({ index }: Item) => ({ country: index === 1 ? 'FR' : 'CH', number: 7_000 + index });
const NODES = ['Product', 'User', 'Company'];

export const companyByRegistry = (registry: { country: string; number: number }) =>
  all('Company').find((item) => registryOf(item).country === registry.country && registryOf(item).number === registry.number);

export const people: ResolverTable = {
  Query: {
    me: () => at('User', 0),
    user: (_: unknown, { id }: { id: string }) => find('User', id),
    userByEmail: (_: unknown, { email }: { email: string }) => userByEmail(email),
    users: (_: unknown, { role, first }: { role?: string | null; first: number }) =>
      all('User')
        .filter(({ index }) => role == null || ROLES[index % 3] === role)
        .slice(0, Math.max(0, first)),
    nodes: (_: unknown, { ids }: { ids: readonly string[] }) =>
      ids.map((id) => findAny(id)).map((item) => (item && NODES.includes(item.__typename) ? item : null)),
    people: (_: unknown, { first }: { first: number | null }) =>
      [at('User', 1), at('Company', 0), at('User', 4), at('Company', 2)].slice(0, Math.max(0, first ?? 4)),
    owner: (_: unknown, { id }: { id: string }) => find('User', id) ?? find('Company', id),
  },
  Mutation: {
    renameUser(_: unknown, { id, name }: { id: string; name: string }, world: World) {
      world.log.push(`renameUser ${id} ${name}`);
      const user = find('User', id);
      if (!user) throw refusal(`There is no user ${id}.`);
      world.names.set(id, name);
      return user;
    },
  },
  User: {
    email: emailOf,
    name: ({ id, index }: Item, _args: unknown, world: World) => world.names.get(id) ?? `User ${index}`,
    nick({ id, index }: Item, { style }: { style: string | null }) {
      if (style === 'LOUD' && index % 3 === 2) throw refusal(`${id} is not loud.`);
      return index === 5 ? null : style === 'LOUD' ? `NICK ${index}!` : `nick ${index}`;
    },
    nickname: ({ index }: Item) => (index === 2 ? null : { index }),
    address: addressOf,
    friends: ({ index }: Item, { first }: { first: number | null }) =>
      index === 3 ? null : index === 6 ? [at('User', 1), null] : some('User', index + 2, Math.min(first ?? 1, 3)),
    bestFriend: ({ index }: Item) => (index % 4 === 2 ? null : at('User', index + 1)),
    async mentor({ id, index }: Item) {
      await Promise.resolve();
      if (index % 4 === 1) throw refusal(`${id} has no mentor.`);
      return index % 4 === 3 ? null : at('User', index + 3);
    },
    preferences: ({ index }: Item) => (index % 2 === 0 ? { theme: 'dark', sizes: [index, { deep: null }] } : ['plain', index, false]),
    joinedAt: joinedAtOf,
    role: ({ index }: Item) => (index === 7 ? 'PIRATE' : ROLES[index % 3]),
    status: ({ index }: Item, { at: when }: { at?: Date | null }) =>
      when && when.getUTCFullYear() < 2015 ? 'GONE' : index === 4 ? null : 'ACTIVE',
    points: ({ index }: Item) => index * 11,
    employer: ({ index }: Item) => (index % 3 === 0 ? null : at('Company', index)),
    label: ({ index }: Item) => (index === 1 ? null : ['x', null, `user ${index}`]),
  },
  Nickname: {
    short: ({ index }: Item) => `n${index}`,
    long: ({ index }: Item, { times }: { times: number | null }) => `nick${index}`.repeat(Math.max(0, Math.min(times ?? 1, 3))),
  },
  Address: {
    street: ({ road }: { road: string }, { short }: { short: boolean | null }) => (short ? road.slice(0, 2) : road),
  },
  Company: {
    registry: registryOf,
    name({ id, index }: Item) {
      if (index === 2) throw refusal(`${id} has no name.`);
      return `Company ${index}`;
    },
    address: ({ index }: Item) => ({ road: `Way ${index}`, city: index === 1 ? null : 'Basel', country: 'CH' }),
    employer: ({ index }: Item) => (index === 0 ? null : at('Company', index - 1)),
    employees: ({ index }: Item, { first }: { first: number | null }) =>
      index === 1 ? [at('User', 1), null] : some('User', index, Math.min(first ?? 1, 3)),
    owner: ({ index }: Item) => (index === 2 ? at('Company', 0) : at('User', index + 3)),
    subsidiaries: ({ index }: Item) => (index === 0 ? [at('Company', 1), at('Company', 2)] : []),
    label: ({ index }: Item) => `company label ${index}`,
  },
  Product: {
    seller: ({ index }: Item) => (index % 3 === 0 ? at('Company', index) : index % 3 === 1 ? at('User', index) : null),
  },
};
