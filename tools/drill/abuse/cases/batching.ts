import { createHash } from 'node:crypto';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { firstOf, passes, refused, summaryOf } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const persisted = (query: string, of: string = query) => ({
  persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(of).digest('hex') },
});

const control = async ({ client, tag }: Target): Promise<Finding> => {
  const query = `query Kept${tag.replaceAll(/\W/g, '')} { templateCategories { id } }`;
  const extensions = persisted(query);
  const kept = await client.graphql({ query, extensions });
  return passes(kept, 'templateCategories') ?? passes(await client.graphql({ extensions }), 'templateCategories');
};

export const batchingCases: readonly AbuseCase[] = [
  {
    name: 'batch-of-thousands',
    from: ['CVE-2026-33756', 'OWASP GraphQL: batching attacks'],
    tries: 'an array of five thousand operations in one request; refused as a whole, none is run',
    async attack({ client }) {
      const body = JSON.stringify(Array.from({ length: 5_000 }, () => ({ query: '{ templateCategories { id } }' })));
      return refused(await client.send({ headers: JSON_TYPE, body }), ['BAD_REQUEST']);
    },
    control,
  },
  {
    name: 'batch-in-odd-shapes',
    from: ['CVE-2026-33756', 'CWE-20'],
    tries: 'arrays of arrays, of nothing, of null and numbers, and one operation that claims to be a list',
    async attack({ client }) {
      const bodies = ['[]', '[[]]', '[[{"query":"{__typename}"}]]', '[null]', '[1,2]', '{"0":{"query":"{__typename}"},"length":1}'];
      for (const body of bodies) {
        const reply = await client.send({ headers: JSON_TYPE, body });
        if (reply.status >= 500 || reply.text.includes('"__typename"')) return `${body}: ${summaryOf(reply)}`;
      }
      return undefined;
    },
    control,
  },
  {
    name: 'persisted-operation-under-a-false-hash',
    from: ['Apollo APQ: hash mismatch', 'CVE-2024-32971'],
    tries: "a text registered under another text's hash, so that others get ours for theirs; refused, and not kept",
    async attack({ client, tag }) {
      const victim = `query Victim${tag.replaceAll(/\W/g, '')} { templateCategories { id } }`;
      const poison = refused(await client.graphql({ query: '{ __typename }', extensions: persisted('', victim) }), ['BAD_REQUEST']);
      const after = await client.graphql({ extensions: persisted(victim) });
      return poison ?? refused(after, ['PERSISTED_QUERY_NOT_FOUND']);
    },
    control,
  },
  {
    name: 'persisted-operation-with-a-strange-hash',
    from: ['CWE-20', 'CVE-2026-32621'],
    tries: 'hashes that are lists, objects, __proto__, paths, of other lengths, and other versions of the protocol',
    async attack({ client }) {
      const hashes = [['a'.repeat(64)], { length: 64 }, '__proto__', '../../etc/passwd', 'A'.repeat(64), '0'.repeat(63), 1, null, ''];
      return firstOf(
        await Promise.all(
          [
            ...hashes.map((sha256Hash) => ({ version: 1, sha256Hash })),
            { version: 2, sha256Hash: '0'.repeat(64) },
            { version: '1', sha256Hash: '0'.repeat(64) },
            [],
          ].map(async (persistedQuery) =>
            refused(await client.graphql({ extensions: { persistedQuery } }), ['BAD_REQUEST', 'PERSISTED_QUERY_NOT_FOUND']),
          ),
        ),
      );
    },
    control,
  },
  {
    name: 'persisted-operations-without-end',
    from: ['CWE-770'],
    tries: 'hundreds of large texts to be kept: the store is bounded by memory, and what was refused is not kept',
    async attack({ client, tag }) {
      const name = tag.replaceAll(/\W/g, '');
      const broken = `query Broken${name} { noSuchField }`;
      const first = await client.graphql({ query: broken, extensions: persisted(broken) });
      const again = await client.graphql({ extensions: persisted(broken) });
      for (let index = 0; index < 60; index++) {
        const query = `query Large${name}x${index} { __typename } # ${'x'.repeat(90_000)}`;
        const reply = await client.graphql({ query, extensions: persisted(query) });
        if (reply.status >= 500) return summaryOf(reply);
      }
      return refused(first, ['GRAPHQL_VALIDATION_FAILED']) ?? refused(again, ['PERSISTED_QUERY_NOT_FOUND']);
    },
    control,
    repeats: false, // it fills the store, which then stays full
  },
];
