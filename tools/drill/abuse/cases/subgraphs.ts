import { hashBody, IDENTITY_HEADER, signIdentity } from '@loomgraph/auth';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { eachOf, passes, refused } from '../attack/expect.ts';
import { forgeToken, hs256, readToken } from '../attack/forge.ts';
import type { RecordedCall, SubgraphTarget } from '../attack/subgraph-target.ts';
import type { Target } from '../attack/target.ts';

const QUERY = JSON.stringify({ query: '{ templateCategories { id } }' });
const INVALID = ['UNAUTHENTICATED'];

/** The same field through the gateway, which signs. */
const control = async ({ client, token }: Target): Promise<Finding> =>
  passes(await client.graphql({ query: '{ templateCategories { id } }', token: await token({ roles: ['admin'] }) }), 'templateCategories');

const subgraphCase = (
  one: Pick<AbuseCase, 'name' | 'from' | 'tries'>,
  attack: (subgraph: SubgraphTarget, target: Target) => Promise<Finding>,
): AbuseCase => ({
  ...one,
  on: 'apart',
  attack(target) {
    if (!target.subgraph) throw new Error(`${one.name} needs a subgraph in a process of its own.`);
    return attack(target.subgraph, target);
  },
  control,
});

const call = async (subgraph: SubgraphTarget, identity: string | undefined, body: string = QUERY): Promise<Finding> =>
  refused(
    await subgraph.client.send({
      headers: { 'content-type': 'application/json', ...(identity === undefined ? {} : { [IDENTITY_HEADER]: identity }) },
      body,
    }),
    INVALID,
    401,
  );

const replay = async ({ client }: SubgraphTarget, { headers }: RecordedCall, body: string): Promise<Finding> =>
  refused(
    await client.send({ headers: { 'content-type': 'application/json', [IDENTITY_HEADER]: headers[IDENTITY_HEADER] ?? '' }, body }),
    INVALID,
    401,
  );

/** Has the gateway call the subgraph as an administrator, and takes what it sent. */
async function record(target: Target, subgraph: SubgraphTarget): Promise<RecordedCall> {
  const mark = target.tag.replaceAll(/\W/g, '');
  await target.client.graphql({
    query: `query Recorded { ${mark}: template(id: "${mark}") { id } }`,
    token: await target.token({ roles: ['admin'] }),
  });
  return subgraph.recorded(mark);
}

const administrator = {
  userId: 'admin',
  roles: ['admin'],
  scopes: [],
  issuedAt: new Date(),
  expiresAt: new Date(Date.now() + 3_600_000),
};

export const subgraphCases: readonly AbuseCase[] = [
  subgraphCase(
    {
      name: 'subgraph-called-without-the-gateway',
      from: ['Truxify #13883', 'hive router #352', 'OWASP API8:2023'],
      tries: 'a subgraph called directly: without an identity, with an empty one, with an access token, with headers that name a user; 401',
    },
    async (subgraph, { token }) => {
      const admin = await token({ roles: ['admin'] });
      const named = await subgraph.client.send({
        headers: { 'content-type': 'application/json', 'x-user-id': '1', 'x-user-role': 'admin', authorization: `Bearer ${admin}` },
        body: QUERY,
      });
      return (
        refused(named, INVALID, 401) ??
        eachOf({ none: undefined, empty: '', token: admin, bearer: `Bearer ${admin}`, null: 'null' }, (identity) =>
          call(subgraph, identity),
        )
      );
    },
  ),
  subgraphCase(
    {
      name: 'subgraph-identity-forged',
      from: ['CWE-347', 'RFC 8725 §2.1'],
      tries: 'an identity signed with another secret, with none, with the secret of access tokens; 401',
    },
    (subgraph, { tokenSecret }) => {
      const header = { typ: 'loom-identity+jwt' };
      const now = Math.floor(Date.now() / 1_000);
      const claims = {
        iss: 'loomgraph-gateway',
        aud: subgraph.name,
        identity: { ...administrator, issuedAt: 0, expiresAt: Date.now() + 60_000 },
        bodyHash: hashBody(QUERY),
        iat: now,
        exp: now + 60,
      };
      return eachOf(
        {
          none: forgeToken({ header: { ...header, alg: 'none' }, claims }),
          other: forgeToken({ header, claims, sign: hs256('another-secret-of-thirty-two-bytes-or-more') }),
          tokens: forgeToken({ header, claims, sign: hs256(tokenSecret) }),
          empty: forgeToken({ header, claims, sign: hs256('') }),
        },
        (identity) => call(subgraph, identity),
      );
    },
  ),
  subgraphCase(
    {
      name: 'subgraph-identity-of-another-place',
      from: ['RFC 8725 §3.9', 'CWE-294'],
      tries:
        'a rightly signed identity for another subgraph, for another body, for none, that has expired, or that is an access token by type; 401',
    },
    async (subgraph) => {
      const { identitySecret: secret, name: audience } = subgraph;
      const bodyHash = hashBody(QUERY);
      const past = { now: () => new Date(Date.now() - 600_000) };
      const now = Math.floor(Date.now() / 1_000);
      return eachOf(
        {
          'other subgraph': signIdentity(administrator, { secret, audience: 'somewhere-else', bodyHash }),
          'other body': signIdentity(administrator, { secret, audience, bodyHash: hashBody('{}') }),
          'no body': signIdentity(administrator, { secret, audience }),
          expired: signIdentity(administrator, { secret, audience, bodyHash, clock: past }),
          'other type': forgeToken({
            claims: { iss: 'loomgraph-gateway', aud: audience, identity: null, bodyHash, iat: now, exp: now + 60 },
            sign: hs256(secret),
          }),
        },
        (identity) => call(subgraph, identity),
      );
    },
  ),
  subgraphCase(
    {
      name: 'subgraph-call-replayed',
      from: ['CWE-294', 'OWASP API2:2023'],
      tries: 'a call of the gateway, recorded on the way and sent once more, as it was; 401',
    },
    async (subgraph, target) => {
      const recorded = await record(target, subgraph);
      return replay(subgraph, recorded, recorded.body);
    },
  ),
  subgraphCase(
    {
      name: 'subgraph-call-replayed-with-another-body',
      from: ['CWE-294', 'CWE-345'],
      tries: "a recorded administrator's identity with a mutation of ours; 401",
    },
    async (subgraph, target) => {
      const recorded = await record(target, subgraph);
      const mutation = JSON.stringify({ query: 'mutation { refreshTemplateCache { dropped } }' });
      return (await replay(subgraph, recorded, mutation)) ?? replay(subgraph, recorded, `${recorded.body} `);
    },
  ),
  subgraphCase(
    {
      name: 'subgraph-identity-as-access-token',
      from: ['RFC 8725 §2.8'],
      tries: 'an identity the gateway signed, brought back to the gateway as an access token or as its own header; 401, or nobody',
    },
    async (subgraph, target) => {
      const { headers } = await record(target, subgraph);
      const identity = headers[IDENTITY_HEADER] ?? '';
      if (readToken(identity).claims['identity'] === null) return 'the recorded call was nobody’s';
      const asToken = await target.client.graphql({ query: target.probe.query, token: identity });
      const asHeader = await target.client.graphql({ query: target.probe.query, headers: { [IDENTITY_HEADER]: identity } });
      return refused(asToken, INVALID, 401) ?? refused(asHeader, INVALID);
    },
  ),
  subgraphCase(
    {
      name: 'subgraph-schema-without-the-gateway',
      from: ['Apollo: _entities and _service', 'CWE-200'],
      tries: 'the SDL of a subgraph, its entities and its introspection, asked directly; 401',
    },
    (subgraph) =>
      eachOf(
        {
          service: '{ _service { sdl } }',
          entities: '{ _entities(representations: [{ __typename: "Template", id: "1" }]) { __typename } }',
          introspection: '{ __schema { types { name } } }',
        },
        (query) => call(subgraph, undefined, JSON.stringify({ query })),
      ),
  ),
];
