import { randomBytes } from 'node:crypto';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { codeOf, eachOf, NOT_ALLOWED, passes, refused, summaryOf, valueAt } from '../attack/expect.ts';
import type { Person } from '../attack/people.ts';
import type { Target } from '../attack/target.ts';

const REVOKED_WITHIN_MS = 5_500;
const POLL_MS = 100;
const MINE = '{ me { id } }';

interface Key {
  readonly key: string;
  readonly id: string;
}

/** @throws Error when it is refused */
async function makeKey({ client }: Target, person: Person, scopes: readonly string[] = ['user:read']): Promise<Key> {
  const reply = await client.graphql({
    query: 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key apiKey { id } } }',
    variables: { input: { name: 'abuse', scopes } },
    token: person.accessToken,
  });
  const made = valueAt(reply.data, 'createApiKey') as { key: string; apiKey: { id: string } } | undefined;
  if (!made) throw new Error(`No key could be made: ${summaryOf(reply)}`);
  return { key: made.key, id: made.apiKey.id };
}

async function control(target: Target): Promise<Finding> {
  const { key } = await makeKey(target, target.people.administrator);
  const { client } = target;
  return (
    passes(await client.graphql({ query: MINE, token: key }), 'me.id') ??
    passes(await client.graphql({ query: MINE, headers: { 'x-api-key': key } }), 'me.id')
  );
}

const keyCase = (one: Omit<AbuseCase, 'control' | 'repeats'>): AbuseCase => ({ ...one, control, repeats: false });

export const apiKeyCases: readonly AbuseCase[] = [
  keyCase({
    name: 'api-key-of-ones-own-making',
    from: ['CWE-330', 'OWASP API2:2023'],
    tries: 'keys that are guessed, cut, of another id, in another case, as SQL, in the URL, in a cookie: 401, or nobody',
    async attack(target) {
      const { client, people } = target;
      const { key, id } = await makeKey(target, people.administrator);
      const secret = key.slice(-10);
      const finding = await eachOf(
        {
          guessed: `loom_${randomBytes(32).toString('base64url')}`,
          cut: key.slice(0, -1),
          longer: `${key}A`,
          'other secret': `${key.slice(0, -10)}${secret === 'AAAAAAAAAA' ? 'BBBBBBBBBB' : 'AAAAAAAAAA'}`,
          'id alone': `loom_${id}`,
          prefix: 'loom_',
          huge: `loom_${'A'.repeat(5_000)}`,
        },
        async (token) => refused(await client.graphql({ query: MINE, token }), ['UNAUTHENTICATED'], 401),
      );
      const inUrl = await client.send({
        path: `/graphql?api_key=${key}&x-api-key=${key}`,
        headers: { 'content-type': 'application/json', cookie: `api_key=${key}` },
        body: JSON.stringify({ query: '{ sessions { id } }' }),
      });
      return finding ?? refused(inUrl, ['UNAUTHENTICATED']);
    },
  }),
  keyCase({
    name: 'api-key-beyond-its-scope',
    from: ['OWASP API5:2023', 'CWE-269', 'CWE-272'],
    tries:
      'a key of an administrator with one small scope, for commands of administrators, and for what only a person may (keys, passwords, factors, sessions); refused',
    async attack(target) {
      const { client, people, probe, tag } = target;
      const { key } = await makeKey(target, people.administrator, ['template:read']);
      return eachOf(
        {
          users: probe.query,
          category: `mutation { createTemplateCategory(input: { slug: "${tag}", name: "x" }) { category { id } } }`,
          key: 'mutation { createApiKey(input: { name: "x", scopes: ["user:read"] }) { key } }',
          keys: '{ apiKeys { id } }',
          factor: 'mutation { beginTotp(input: { password: "x" }) { secret } }',
          audit: '{ auditLog(first: 1) { nodes { action } } }',
          password: 'mutation { changePassword(input: { currentPassword: "x", newPassword: "a long enough password" }) { user { id } } }',
          everywhere: 'mutation { logoutEverywhere { endedSessions } }',
        },
        async (query) => refused(await client.graphql({ query, token: key }), [...NOT_ALLOWED, 'INVALID_CREDENTIALS']),
      );
    },
  }),
  keyCase({
    name: 'api-key-with-scopes-of-others',
    from: ['CWE-269', 'OWASP API3:2023'],
    tries: "a user's key with scopes that the user does not have, with wildcards, with rubbish; refused",
    async attack(target) {
      const { client, people, tag } = target;
      const person = await people.join(`${tag} user`);
      const scopes = {
        assign: ['role:assign'],
        admin: ['admin'],
        all: ['*'],
        any: ['*:*'],
        audit: ['audit:read'],
        none: [],
        rubbish: ["' OR 1=1"],
        proto: ['__proto__:read'],
      };
      return eachOf<readonly string[]>(scopes, async (wanted) =>
        refused(
          await client.graphql({
            query: 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { key } }',
            variables: { input: { name: 'x', scopes: wanted } },
            token: person.accessToken,
          }),
          ['FORBIDDEN', 'BAD_USER_INPUT'],
        ),
      );
    },
  }),
  keyCase({
    name: 'api-key-of-another-user',
    from: ['OWASP API1:2023', 'CWE-639'],
    tries: "revoking another user's key by its id, and its secret in any list: NOT_FOUND, and no list shows a secret",
    async attack(target) {
      const { client, people, tag } = target;
      const { id, key } = await makeKey(target, people.administrator);
      const thief = await people.join(`${tag} thief`);
      const query = 'mutation ($id: ID!) { revokeApiKey(id: $id) { apiKey { id } } }';
      const theirs = refused(await client.graphql({ query, variables: { id }, token: thief.accessToken }), ['NOT_FOUND', 'FORBIDDEN']);
      const list = await client.graphql({ query: '{ apiKeys { id prefix name scopes } }', token: people.administrator.accessToken });
      if (list.text.includes(key) || codeOf(list) !== undefined) return `the list: ${summaryOf(list)}`;
      return theirs ?? passes(await client.graphql({ query: MINE, token: key }), 'me.id');
    },
  }),
  keyCase({
    name: 'api-key-after-it-was-revoked',
    from: ['CWE-613', 'OWASP ASVS 7.4.1'],
    tries: 'a key after it was revoked, and a key of a user who was disabled: 401 within 5 s',
    async attack(target) {
      const { client, people } = target;
      const { id, key } = await makeKey(target, people.administrator);
      await client.graphql({ query: MINE, token: key });
      await client.graphql({
        query: 'mutation ($id: ID!) { revokeApiKey(id: $id) { apiKey { id } } }',
        variables: { id },
        token: people.administrator.accessToken,
      });
      for (const startedAt = performance.now(); performance.now() - startedAt < REVOKED_WITHIN_MS;) {
        if (codeOf(await client.graphql({ query: MINE, token: key })) === 'UNAUTHENTICATED') return undefined;
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
      return `it still counts after ${REVOKED_WITHIN_MS} ms`;
    },
  }),
];
