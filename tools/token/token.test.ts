import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTokenVerifier } from '@loomgraph/auth';
import { developmentSecret } from '@loomgraph/gateway/process';
import { parseArguments } from './args.ts';
import { issueToken } from './issue-token.ts';

const JWT_SECRET = 'a-secret-of-the-tests-with-more-than-32-bytes';
const options = { user: '1', role: ['admin', 'editor'], scope: ['read'], ttl: '2h' };

describe('npm run token', () => {
  it('reads roles and scopes that come more than once', () => {
    expect(parseArguments(['--user', '1', '--role', 'admin', '--role', 'editor', '--scope', 'read', '--ttl', '2h'])).toEqual({
      kind: 'run',
      options,
    });
    expect(parseArguments(['--role', 'admin'], { out: () => undefined, err: () => undefined })).toEqual({ kind: 'exit', code: 2 });
  });

  it('signs with JWT_SECRET', async () => {
    const identity = await createTokenVerifier({ secret: JWT_SECRET }).verify(await issueToken(options, { JWT_SECRET }));
    expect(identity).toMatchObject({ userId: '1', roles: ['admin', 'editor'], scopes: ['read'] });
    expect((identity.expiresAt.getTime() - identity.issuedAt.getTime()) / 3_600_000).toBe(2);
  });

  it('signs with the secret of the data folder, which it makes where there is none', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'loomgraph-token-'));
    try {
      const token = await issueToken(options, { LOOM_DATA_DIR: dir });
      expect(await createTokenVerifier({ secret: await developmentSecret(dir) }).verify(token)).toMatchObject({ userId: '1' });
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it.each([
    [{ ttl: 'soon' }, { JWT_SECRET }, /--ttl soon: expected a duration/],
    [{}, { LOOM_DATA_DIR: 'memory://' }, /set JWT_SECRET for both/],
    [{}, { JWKS_URL: 'https://issuer.example/keys' }, /only its issuer signs/],
  ])('says why there is none: %j %j', async (change, env, complaint) => {
    await expect(issueToken({ ...options, ...change }, env)).rejects.toThrow(complaint);
  });
});
