import { randomBytes } from 'node:crypto';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { codeOf, eachOf, passes, refused, summaryOf, valueAt } from '../attack/expect.ts';
import type { Person } from '../attack/people.ts';
import type { Target } from '../attack/target.ts';

/** What the product promises for a revocation to be honoured everywhere. */
const REVOKED_WITHIN_MS = 5_500;
const REFRESH = 'mutation ($token: String!) { refresh(refreshToken: $token) { accessToken refreshToken sessionId } }';
const INVALID = ['INVALID_TOKEN'];

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

const refresh = ({ client }: Target, token: string) => client.graphql({ query: REFRESH, variables: { token } });

/** @throws Error when it is refused, as what follows would show nothing */
async function refreshed(target: Target, token: string): Promise<Pair> {
  const reply = await refresh(target, token);
  const pair = valueAt(reply.data, 'refresh') as Pair | undefined;
  if (!pair) throw new Error(`A refresh was refused: ${summaryOf(reply)}`);
  return pair;
}

/** Somebody refreshes, lists their sessions, and signs out. */
async function control(target: Target): Promise<Finding> {
  const person = await target.people.join(`${target.tag} control`);
  const { accessToken } = await refreshed(target, person.refreshToken);
  return (
    passes(
      await target.client.graphql({ query: '{ sessions { id isCurrent } me { email } }', token: accessToken }),
      'sessions.0',
      'me.email',
    ) ?? passes(await target.client.graphql({ query: 'mutation { logout { endedSessions } }', token: accessToken }), 'logout.endedSessions')
  );
}

/** Does something that has to end the access token of a person, and waits until it is. */
const revokedCase = (
  one: Pick<AbuseCase, 'name' | 'from' | 'tries'>,
  revoke: (target: Target, person: Person) => Promise<string>,
): AbuseCase => ({
  ...one,
  async attack(target) {
    const person = await target.people.join(`${target.tag} victim`);
    const token = await revoke(target, person);
    const afterMs = await target.people.untilRefused(token, REVOKED_WITHIN_MS);
    return afterMs === undefined ? `the access token still counts after ${REVOKED_WITHIN_MS} ms` : undefined;
  },
  control,
  repeats: false,
});

export const sessionCases: readonly AbuseCase[] = [
  {
    name: 'refresh-token-reused',
    from: ['RFC 9700 §4.14.2', 'OWASP API2:2023'],
    tries:
      "a refresh token that was exchanged before, after its successor was used: refused, and the whole family with it, the thief's and the owner's",
    async attack(target) {
      const { client, people, tag } = target;
      const person = await people.join(`${tag} victim`);
      const second = await refreshed(target, person.refreshToken);
      const third = await refreshed(target, second.refreshToken);
      const replayed = refused(await refresh(target, person.refreshToken), INVALID);
      const family = refused(await refresh(target, third.refreshToken), INVALID);
      if (replayed !== undefined || family !== undefined) return replayed ?? `the newest token of the family: ${family}`;
      const afterMs = await people.untilRefused(third.accessToken, REVOKED_WITHIN_MS);
      const sessions = await client.graphql({
        query: '{ sessions { id } }',
        token: (await people.signIn(person.email, person.password)).accessToken,
      });
      if (sessions.text.includes(person.sessionId)) return 'the session is still listed';
      return afterMs === undefined ? 'the access token of the family still counts' : undefined;
    },
    control,
    repeats: false,
  },
  {
    name: 'refresh-token-raced',
    from: ['CWE-362', 'RFC 9700 §4.14.2'],
    tries: 'one refresh token twenty times at once: one successor, however many answers',
    async attack(target) {
      const person = await target.people.join(`${target.tag} racer`);
      const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(target, person.refreshToken)));
      const failed = replies.find(
        ({ status, errors }) => status >= 500 || errors.some(({ extensions }) => extensions?.code === 'INTERNAL_SERVER_ERROR'),
      );
      if (failed) return summaryOf(failed);
      const successors = new Set(replies.map(({ data }) => valueAt(data, 'refresh.refreshToken')).filter((token) => token !== undefined));
      return successors.size === 1 ? undefined : `there are ${successors.size} successors`;
    },
    control,
    repeats: false,
  },
  {
    name: 'refresh-token-of-ones-own-making',
    from: ['CWE-330', 'OWASP API2:2023'],
    tries: 'refresh tokens that are guessed, cut, empty, huge, an access token, or SQL: refused',
    async attack(target) {
      const { accessToken, refreshToken } = target.people.administrator;
      return eachOf(
        {
          guessed: randomBytes(32).toString('base64url'),
          cut: refreshToken.slice(0, -1),
          longer: `${refreshToken}A`,
          case: refreshToken.toUpperCase(),
          empty: '',
          access: accessToken,
          sql: "' OR '1'='1",
          huge: 'A'.repeat(50_000),
        },
        async (token) => refused(await refresh(target, token), [...INVALID, 'BAD_USER_INPUT']),
      );
    },
    control,
    repeats: false,
  },
  {
    name: 'refresh-token-as-access-token',
    from: ['RFC 8725 §3.11'],
    tries: 'a refresh token, a verification token, a session id in the place of an access token; 401',
    async attack({ client, people }) {
      const { refreshToken, sessionId, userId } = people.administrator;
      return eachOf({ refreshToken, sessionId, userId }, async (token) =>
        refused(await client.graphql({ query: '{ me { id } }', token }), ['UNAUTHENTICATED'], 401),
      );
    },
    control,
    repeats: false,
  },
  revokedCase(
    {
      name: 'access-token-after-logout',
      from: ['OWASP ASVS 7.4.1', 'CWE-613'],
      tries: 'an access token after its session signed out: 401 within 5 s',
    },
    async ({ client }, person) => {
      await client.graphql({ query: 'mutation { logout { endedSessions } }', token: person.accessToken });
      return person.accessToken;
    },
  ),
  revokedCase(
    {
      name: 'access-token-after-logout-everywhere',
      from: ['OWASP ASVS 7.4.5', 'CWE-613'],
      tries: 'an access token of another device after its owner signed out everywhere: 401 within 5 s',
    },
    async ({ client, people }, person) => {
      const { accessToken } = await people.signIn(person.email, person.password);
      await client.graphql({ query: 'mutation { logoutEverywhere { endedSessions } }', token: accessToken });
      return person.accessToken;
    },
  ),
  revokedCase(
    {
      name: 'access-token-after-a-new-password',
      from: ['OWASP ASVS 7.4.3', 'CWE-613'],
      tries: "a thief's access token after the owner changed the password elsewhere: 401 within 5 s",
    },
    async ({ client, people }, person) => {
      const { accessToken } = await people.signIn(person.email, person.password);
      const input = { currentPassword: person.password, newPassword: 'another long enough password' };
      const reply = await client.graphql({
        query: 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { user { id } } }',
        variables: { input },
        token: accessToken,
      });
      if (codeOf(reply) !== undefined) throw new Error(`The password could not be changed: ${summaryOf(reply)}`);
      return person.accessToken;
    },
  ),
  revokedCase(
    {
      name: 'access-token-of-a-disabled-user',
      from: ['OWASP ASVS 7.4.2', 'CWE-613'],
      tries: 'an access token of somebody whom an administrator disabled: 401 within 5 s, and no refresh',
    },
    async (target, person) => {
      const { client, people } = target;
      const reply = await client.graphql({
        query: 'mutation ($id: ID!) { disableUser(id: $id) { user { id status } } }',
        variables: { id: person.userId },
        token: people.administrator.accessToken,
      });
      if (codeOf(reply) !== undefined) throw new Error(`The user could not be disabled: ${summaryOf(reply)}`);
      const again = await refresh(target, person.refreshToken);
      if (again.data?.['refresh'] != null) throw new Error('A disabled user could refresh.');
      return person.accessToken;
    },
  ),
  {
    name: 'session-fixation',
    from: ['CWE-384', 'OWASP WSTG: session fixation'],
    tries:
      'a login that brings a session id of its own, in cookies, headers and the input: the session that is opened has another one, each time',
    async attack({ client, people, tag }) {
      const { email, password } = await people.register(`${tag} victim`);
      const wanted = '00000000-0000-4000-8000-000000000000';
      const query = 'mutation ($input: LoginInput!) { login(input: $input) { ... on LoginPayload { sessionId accessToken } } }';
      const headers = { cookie: `sid=${wanted}; session=${wanted}; connect.sid=${wanted}`, 'x-session-id': wanted, sid: wanted };
      const ids: unknown[] = [];
      for (let login = 0; login < 2; login++) {
        const reply = await client.graphql({ query, variables: { input: { email, password, client: wanted } }, headers });
        const id = valueAt(reply.data, 'login.sessionId');
        if (typeof id !== 'string') return `the login was refused: ${summaryOf(reply)}`;
        if (reply.headers['set-cookie']?.some((cookie) => cookie.includes(wanted))) return 'the wanted id came back in a cookie';
        ids.push(id);
      }
      const extra = await client.graphql({ query, variables: { input: { email, password, sessionId: wanted } } });
      if (ids.includes(wanted) || ids[0] === ids[1]) return `the session ids are ${ids.join(', ')}`;
      return refused(extra, ['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED']);
    },
    control,
    repeats: false,
  },
  {
    name: 'session-of-another-user',
    from: ['OWASP API1:2023', 'CWE-639'],
    tries: "ending another user's session by its id: NOT_FOUND or FORBIDDEN, as for one that does not exist, and it goes on",
    async attack({ client, people, tag }) {
      const victim = await people.join(`${tag} victim`);
      const thief = await people.join(`${tag} thief`);
      const query = 'mutation ($id: ID!) { revokeSession(id: $id) { revokedId } }';
      const theirs = await client.graphql({ query, variables: { id: victim.sessionId }, token: thief.accessToken });
      const nobodys = await client.graphql({ query, variables: { id: '00000000-0000-4000-8000-000000000000' }, token: thief.accessToken });
      if (codeOf(theirs) !== codeOf(nobodys)) return `it tells them apart: ${summaryOf(theirs)} and ${summaryOf(nobodys)}`;
      return (
        refused(theirs, ['NOT_FOUND', 'FORBIDDEN']) ??
        passes(await client.graphql({ query: '{ me { id } }', token: victim.accessToken }), 'me.id')
      );
    },
    control,
    repeats: false,
  },
];
