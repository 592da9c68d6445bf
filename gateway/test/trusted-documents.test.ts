import { signDevelopmentToken } from '@loomgraph/auth';
import { parseManifest, sha256 } from '../src/request/trusted-documents/manifest.js';
import type { TrustedDocuments } from '../src/request/trusted-documents/trusted-documents.js';
import { JWT_SECRET, type GraphqlAnswer } from './support/start-gateway.js';
import { startFront } from './support/start-front.js';

const KNOWN = 'query Hello { greeting }';
const UNKNOWN = 'query Other { greeting(name: "all") }';
const manifest = parseManifest(JSON.stringify({ hello: KNOWN, forget: 'mutation Forget { forget }' }));
const trusted = (mode: TrustedDocuments['mode']): TrustedDocuments => ({
  mode,
  find: (id) => manifest.byId.get(id),
  isKnown: (text) => manifest.texts.has(text),
  isExempt: (identity) => identity?.roles.includes('admin') ?? false,
});
const persisted = (text: string) => ({ persistedQuery: { version: 1, sha256Hash: sha256(text) } });
const seen = async (response: Response): Promise<unknown> => {
  const { errors, data } = (await response.json()) as GraphqlAnswer;
  return errors === undefined ? data : errors[0]?.extensions['code'];
};
const token = async (...roles: string[]): Promise<Record<string, string>> => ({
  authorization: `Bearer ${await signDevelopmentToken({ secret: JWT_SECRET, userId: '1', roles })}`,
});
const HELLO = { greeting: null };

describe('documents by id', () => {
  it.each(['lenient', 'strict'] as const)('%s: by id, by hash in both forms, by GET and POST, and as a persisted query', async (mode) => {
    await using front = await startFront({ trustedDocuments: trusted(mode) });
    for (const id of ['hello', sha256(KNOWN), `sha256:${sha256(KNOWN)}`]) {
      expect(await seen(await front.post({ documentId: id }))).toEqual(HELLO);
      expect(await seen(await front.get(`?documentId=${encodeURIComponent(id)}`))).toEqual(HELLO);
    }
    expect(await seen(await front.post({ extensions: persisted(KNOWN) }))).toEqual(HELLO);
    expect(await seen(await front.post({ query: KNOWN, extensions: persisted(KNOWN) }))).toEqual(HELLO);
    expect(await seen(await front.post({ query: KNOWN }))).toEqual(HELLO);
  });

  it('an id that is not known: 404 DOCUMENT_NOT_FOUND', async () => {
    await using front = await startFront({ trustedDocuments: trusted('lenient') });
    const response = await front.post({ documentId: 'nobody' });
    expect([response.status, await seen(response)]).toEqual([404, 'DOCUMENT_NOT_FOUND']);
    await using without = await startFront();
    expect(await seen(await without.post({ documentId: 'hello' }))).toBe('DOCUMENT_NOT_FOUND');
  });

  it('a mutation by GET: 405', async () => {
    await using front = await startFront({ trustedDocuments: trusted('strict') });
    expect((await front.get('?documentId=forget')).status).toBe(405);
  });

  it('a document and an id together: 400, so that nobody can have another one executed than the one that is trusted', async () => {
    await using front = await startFront({ trustedDocuments: trusted('strict') });
    const response = await front.post({ documentId: 'hello', query: UNKNOWN });
    expect([response.status, await seen(response)]).toEqual([400, 'BAD_REQUEST']);
    expect(await seen(await front.post({ query: UNKNOWN, extensions: persisted(KNOWN) }))).toBe('DOCUMENT_NOT_TRUSTED');
  });

  it('what clients registered themselves is found by its hash, too', async () => {
    await using front = await startFront();
    await front.post({ query: UNKNOWN, extensions: persisted(UNKNOWN) });
    expect(await seen(await front.post({ documentId: `sha256:${sha256(UNKNOWN)}` }))).toEqual(HELLO);
  });
});

describe('strict', () => {
  it('403 DOCUMENT_NOT_TRUSTED for every other text, also one that differs by a blank; counted, and logged once', async () => {
    await using front = await startFront({ trustedDocuments: trusted('strict') });
    for (const query of [UNKNOWN, `${KNOWN} `, UNKNOWN, '{ __schema { types { name } } }']) {
      const response = await front.post({ query });
      expect([response.status, await seen(response)]).toEqual([403, 'DOCUMENT_NOT_TRUSTED']);
    }
    expect((await front.metrics.render()).body).toContain(
      'loom_gateway_refusals_total{code="DOCUMENT_NOT_TRUSTED",reason="untrustedDocument"} 4',
    );
    expect(front.logger.lines.filter(({ message }) => message === 'A document is not among the trusted ones')).toHaveLength(3);
  });

  it('takes no persisted queries', async () => {
    await using front = await startFront({ trustedDocuments: trusted('strict') });
    expect(await seen(await front.post({ query: UNKNOWN, extensions: persisted(UNKNOWN) }))).toBe('DOCUMENT_NOT_TRUSTED');
    expect(await seen(await front.post({ extensions: persisted(UNKNOWN) }))).toBe('DOCUMENT_NOT_FOUND');
    expect(await seen(await front.post({ documentId: `sha256:${sha256(UNKNOWN)}` }))).toBe('DOCUMENT_NOT_FOUND');
  });

  it('each operation of a batch for itself', async () => {
    await using front = await startFront({ trustedDocuments: trusted('strict'), batching: { maxOperations: 3 } });
    const answers = (await (await front.post([{ query: UNKNOWN }, { documentId: 'hello' }])).json()) as GraphqlAnswer[];
    expect(answers.map(({ data, errors }) => data ?? errors?.[0]?.extensions['code'])).toEqual(['DOCUMENT_NOT_TRUSTED', HELLO]);
  });

  it('callers with an exempt role may ask anything, and nobody else', async () => {
    await using front = await startFront({ trustedDocuments: trusted('strict') });
    expect(await seen(await front.post({ query: UNKNOWN }, await token('admin')))).toEqual(HELLO);
    expect(await seen(await front.post({ query: UNKNOWN }, await token('user')))).toBe('DOCUMENT_NOT_TRUSTED');
  });
});

describe('lenient', () => {
  it('executes what is not known, and logs it once', async () => {
    await using front = await startFront({ trustedDocuments: trusted('lenient') });
    for (let i = 0; i < 3; i++) expect(await seen(await front.post({ query: UNKNOWN }))).toEqual(HELLO);
    expect(front.logger.lines.filter(({ message }) => message === 'A document is not among the trusted ones')).toHaveLength(1);
    expect(await seen(await front.post({ query: UNKNOWN, extensions: persisted(UNKNOWN) }))).toEqual(HELLO);
    expect(await seen(await front.post({ extensions: persisted(UNKNOWN) }))).toEqual(HELLO);
  });
});
