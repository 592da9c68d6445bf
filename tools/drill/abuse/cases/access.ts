import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { eachOf, NOT_ALLOWED, passes, refused, summaryOf, TOO_MUCH, valueAt, withheld } from '../attack/expect.ts';
import type { Probe, Target } from '../attack/target.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** Administrators may. */
const control = async ({ client, token, probe }: Target): Promise<Finding> =>
  passes(
    await client.graphql({ query: `{ ${probe.selection} templateCategories { id } }`, token: await token({ roles: ['admin'] }) }),
    probe.path,
    'templateCategories',
  );

const accessCase = (one: Omit<AbuseCase, 'control'>): AbuseCase => ({ ...one, control });

/** Ways to spell one protected field, and where in the answer it would stand. */
const spellingsOf = ({ selection, path }: Probe): Readonly<Record<string, readonly [query: string, path: string]>> => ({
  plain: [`{ ${selection} }`, path],
  alias: [`{ templateCategories: ${selection} }`, 'templateCategories'],
  fragment: [`{ ...F } fragment F on Query { ${selection} }`, path],
  inline: [`{ ... on Query { ... { ${selection} } } }`, path],
  beside: [`{ templateCategories { id } ${selection} }`, path],
  condition: [`query ($on: Boolean = true) { ... @include(if: $on) { ${selection} } }`, path],
  defer: [`{ templateCategories { id } ... @defer { ${selection} } }`, path],
  'two operations': [`query A { templateCategories { id } } query B { ${selection} }`, path],
  'many times': [`{ a: ${selection} b: ${selection} ${selection} }`, 'a'],
});

export const accessCases: readonly AbuseCase[] = [
  accessCase({
    name: 'protected-field-by-another-spelling',
    from: ['GHSA-mx7m-j9xf-62hw', 'GHSA-m8jr-fxqx-8xx6', 'OWASP GraphQL: access control'],
    tries:
      'a field for administrators, by nobody and by a user: under an alias, in fragments, beside others, deferred, in another operation; withheld, with an error',
    attack: ({ client, token, probe }) =>
      eachOf(spellingsOf(probe), async ([query, path]) => {
        for (const bearer of [undefined, await token(), await token({ roles: ['user', 'Admin', 'ADMIN', ' admin'], scopes: ['admin'] })]) {
          const reply = await client.graphql({ query, token: bearer, ...(query.startsWith('query A') ? { operationName: 'B' } : {}) });
          const finding = withheld(reply, [path], NOT_ALLOWED);
          if (finding !== undefined) return finding;
        }
        return undefined;
      }),
  }),
  accessCase({
    name: 'admin-mutations-by-users',
    from: ['OWASP API5:2023', 'CWE-862'],
    tries: 'every mutation and command of administrators, by nobody and by a user; refused, and nothing is done',
    async attack({ client, token, fixtures, tag }) {
      const id = fixtures.categoryId;
      const mutations = {
        create: `mutation { createTemplateCategory(input: { slug: "${tag}", name: "x" }) { category { id } } }`,
        update: `mutation { updateTemplateCategory(input: { id: "${id}", name: "x" }) { category { id } } }`,
        delete: `mutation { deleteTemplateCategory(id: "${id}") { deletedId } }`,
        import: `mutation { importTemplates(input: { rows: [{ slug: "${tag}", name: "x", category: "abuse" }] }) { created } }`,
        refresh: 'mutation { refreshTemplateCache { dropped } }',
      };
      return eachOf(mutations, async (query) => {
        for (const bearer of [undefined, await token()]) {
          const finding = refused(await client.graphql({ query, token: bearer }), NOT_ALLOWED);
          if (finding !== undefined) return finding;
        }
        return undefined;
      });
    },
  }),
  accessCase({
    name: 'operators-commands-by-users',
    from: ['OWASP API5:2023', 'CWE-862'],
    tries: 'dead letters, their payloads, and the commands of the sync engine, by nobody and by a user; refused, and nothing is done',
    on: 'one process',
    attack: ({ client, token }) =>
      eachOf(
        {
          status: '{ syncStatus { projections { name lastError } } }',
          letters: '{ deadLetters(first: 1) { nodes { payload } } }',
          decisions: '{ deadLetterDecisions(first: 1) { nodes { actor } } }',
          jobs: '{ syncJobs(first: 1) { nodes { requestedBy } } }',
          retry: 'mutation { retryDeadLetters(filter: {}) { count } }',
          discard: 'mutation { discardDeadLetter(id: "1", reason: "x") { count } }',
          check: 'mutation { syncCheck(input: { subgraph: "templates" }) { id } }',
          repair: 'mutation { syncRepair(input: { subgraph: "templates" }) { id } }',
          replay: 'mutation { syncReplay(input: { subgraph: "templates", consumer: "x" }) { id } }',
        },
        async (query) => {
          for (const bearer of [undefined, await token()]) {
            const finding = refused(await client.graphql({ query, token: bearer }), NOT_ALLOWED);
            if (finding !== undefined) return finding;
          }
          return undefined;
        },
      ),
  }),
  accessCase({
    name: 'record-of-another-user',
    from: ['OWASP API1:2023', 'CVE-2025-31481', 'CWE-639'],
    tries: "changing and deleting another user's template, alone and behind one's own in the same request; refused",
    async attack({ client, token, fixtures }) {
      const bearer = await token();
      const { templateId } = fixtures;
      return eachOf(
        {
          update: `mutation { updateTemplate(input: { id: "${templateId}", name: "stolen" }) { template { id } } }`,
          delete: `mutation { deleteTemplate(id: "${templateId}") { deletedId } }`,
          twice: `mutation { a: updateTemplate(input: { id: "${templateId}", name: "stolen" }) { template { id } } b: deleteTemplate(id: "${templateId}") { deletedId } }`,
        },
        async (query) => refused(await client.graphql({ query, token: bearer }), ['FORBIDDEN']),
      );
    },
  }),
  accessCase({
    name: 'author-by-assignment',
    from: ['OWASP API3:2023', 'CWE-915'],
    tries: 'fields that only the server writes (author, rating, revision, id) in the input of a mutation; refused as unknown',
    attack: ({ client, token, fixtures, tag }) =>
      eachOf<Readonly<Record<string, unknown>>>(
        {
          author: { createdBy: 'somebody-else' },
          rating: { rating: 5, ratingCount: 1_000 },
          usage: { usage: 1_000_000 },
          id: { id: '1' },
          revision: { revision: 99 },
          time: { createdAt: '2000-01-01T00:00:00Z' },
        },
        async (extra) =>
          refused(
            await client.graphql({
              query: 'mutation ($input: CreateTemplateInput!) { createTemplate(input: $input) { template { id } } }',
              variables: { input: { name: tag, categoryId: fixtures.categoryId, ...extra } },
              token: await token(),
            }),
            ['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED'],
          ),
      ),
  }),
  accessCase({
    name: 'rating-for-another-user',
    from: ['CWE-639', 'OWASP API6:2023'],
    tries: 'a rating out of range, for a record that is not there, for another user; and a hundred at once count once',
    async attack({ client, token, fixtures, tag }) {
      const rate = (input: Readonly<Record<string, unknown>>, bearer: string | undefined) =>
        client.graphql({
          query: 'mutation ($input: RateTemplateInput!) { rateTemplate(input: $input) { template { ratingCount } } }',
          variables: { input: { templateId: fixtures.templateId, rating: 5, ...input } },
          token: bearer,
        });
      const bearer = await token();
      const bad = ['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED', 'NOT_FOUND'];
      const finding =
        (await eachOf<Readonly<Record<string, unknown>>>(
          { six: { rating: 6 }, minus: { rating: -1 }, user: { userId: 'abuse-owner' }, nowhere: { templateId: `no-${tag}` } },
          async (input) => refused(await rate(input, bearer), bad),
        )) ?? refused(await rate({}, undefined), ['UNAUTHENTICATED']);
      if (finding !== undefined) return finding;
      const before = await client.graphql({ query: `{ template(id: "${fixtures.templateId}") { ratingCount } }` });
      await Promise.all(Array.from({ length: 20 }, () => rate({ rating: 3 }, bearer)));
      const after = await client.graphql({ query: `{ template(id: "${fixtures.templateId}") { ratingCount } }` });
      const added = Number(valueAt(after.data, 'template.ratingCount')) - Number(valueAt(before.data, 'template.ratingCount'));
      return added === 1 ? undefined : `20 ratings of one user counted ${added} times`;
    },
  }),
  accessCase({
    name: 'identities-of-requests-at-once',
    from: ['GHSA-53wg-r69p-v3r7', 'CVE-2026-23735', 'CWE-362'],
    tries:
      'the same question by an administrator, a user and nobody, a hundred times at once: each gets its own answer, shared executions or not',
    async attack({ client, token, probe }) {
      const { query, path } = probe;
      const bearers = [await token({ roles: ['admin'] }), await token(), undefined];
      const replies = await Promise.all(
        Array.from({ length: 99 }, async (_, index) => ({
          who: index % 3,
          reply: await client.graphql({ query, token: bearers[index % 3] }),
        })),
      );
      for (const { who, reply } of replies) {
        const finding = who === 0 ? passes(reply, path) : refused(reply, who === 1 ? ['FORBIDDEN'] : ['UNAUTHENTICATED']);
        if (finding !== undefined) return finding;
      }
      return undefined;
    },
  }),
  accessCase({
    name: 'variables-of-another-request',
    from: ['GHSA-rr4x-crhf-8886', 'CVE-2025-27097'],
    tries: 'one text with many variables at once: nobody gets the answer to the variables of another',
    async attack({ client, fixtures }) {
      const query = 'query Mine($id: ID!) { template(id: $id) { id } }';
      const ids = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? fixtures.templateId : `no-such-${index}`));
      const replies = await Promise.all(ids.map((id) => client.graphql({ query, variables: { id } })));
      const mixed = replies.find(
        (reply, index) => (valueAt(reply.data, 'template.id') ?? null) !== (index % 2 === 0 ? fixtures.templateId : null),
      );
      return mixed && `mixed up: ${summaryOf(mixed)}`;
    },
  }),
  accessCase({
    name: 'identity-header-at-the-gateway',
    from: ['Truxify #13883', 'CWE-290', 'hive router #352'],
    tries: 'headers that name a user or a role, and the signed header of subgraphs, from outside: nobody is anybody by them',
    attack: ({ client, people, probe }) =>
      eachOf<Readonly<Record<string, string>>>(
        {
          'x-user-id': { 'x-user-id': 'admin', 'x-user-role': 'admin', 'x-user-roles': 'admin' },
          hasura: { 'x-hasura-role': 'admin', 'x-hasura-user-id': '1', 'x-hasura-admin-secret': 'admin' },
          forwarded: { 'x-forwarded-user': 'admin', 'x-forwarded-groups': 'admin', 'x-remote-user': 'admin', 'remote-user': 'admin' },
          identity: { 'x-loom-identity': people.forgedIdentity },
          address: { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', 'x-client-ip': '127.0.0.1' },
          cookie: { cookie: 'role=admin; user=admin; session=admin' },
        },
        async (headers) => refused(await client.graphql({ query: probe.query, headers }), ['UNAUTHENTICATED']),
      ),
  }),
  accessCase({
    name: 'cursors-of-ones-own-making',
    from: ['CWE-565', 'OWASP GraphQL: input validation'],
    tries: 'cursors that are decoded, changed, of another list, or rubbish: INVALID_CURSOR, and never a statement with our text in it',
    async attack({ client, token }) {
      const bearer = await token({ roles: ['admin'] });
      const page = await client.graphql({ query: '{ templates(first: 1) { pageInfo { endCursor } } }', token: bearer });
      const genuine = String(valueAt(page.data, 'templates.pageInfo.endCursor'));
      const decoded = Buffer.from(genuine, 'base64url').toString();
      const cursors = {
        rubbish: 'AAAA',
        text: "' OR 1=1 --",
        changed: `${genuine.slice(0, -2)}AA`,
        prototype: Buffer.from('{"__proto__":{"x":1}}').toString('base64url'),
        longer: genuine.repeat(200),
        positions: Buffer.from(decoded.replaceAll(/\d/g, '9')).toString('base64url'),
        sql: Buffer.from(decoded.replace(/[\da-f]{8}-[\da-f-]{27}/, "1' OR '1'='1")).toString('base64url'),
      };
      return eachOf(cursors, async (after, name) => {
        if (after === genuine) return undefined;
        const reply = await client.graphql({
          query: 'query ($after: String) { templates(first: 1, after: $after) { nodes { id } } }',
          variables: { after },
          token: bearer,
        });
        // A position is no secret: another one in the right form is a page like any other.
        if ((name === 'positions' || name === 'sql') && reply.status === 200 && reply.errors.length === 0) return undefined;
        return refused(reply, ['INVALID_CURSOR', 'BAD_USER_INPUT', ...TOO_MUCH]);
      });
    },
  }),
  accessCase({
    name: 'sync-tokens-of-ones-own-making',
    from: ['CWE-565', 'CWE-400'],
    tries: 'sync tokens that are rubbish, from the far future, or ask to wait for an hour: an error, or a wait that is bounded',
    async attack({ client }) {
      const body = JSON.stringify({ query: '{ searchTemplates(query: "abuse", first: 1) { hits { score } } }' });
      return eachOf<Readonly<Record<string, string>>>(
        {
          rubbish: { 'sync-token': 'rubbish' },
          numbers: { 'sync-token': '99999999999999999999' },
          long: { 'sync-token': 'A'.repeat(8_000) },
          json: { 'sync-token': Buffer.from('{"__proto__":1}').toString('base64url'), 'sync-wait-ms': '3600000' },
        },
        async (headers) => {
          const reply = await client.send({ headers: { ...JSON_TYPE, ...headers }, body });
          if (reply.durationMs > 12_000) return `it waited ${reply.durationMs.toFixed(0)} ms`;
          return refused(reply, ['INVALID_SYNC_TOKEN', 'BAD_USER_INPUT', 'BAD_REQUEST']);
        },
      );
    },
  }),
];
