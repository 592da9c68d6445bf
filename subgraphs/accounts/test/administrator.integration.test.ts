import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Secret } from '@loomgraph/config';
import { ensureAdministrator, PASSWORD_FILE } from '../src/ensure-administrator.js';
import { openAccounts, type OpenAccounts } from './support/open-accounts.js';

describe('the first administrator', () => {
  let app: OpenAccounts;
  let dataDir: string;
  beforeEach(async () => {
    app = await openAccounts();
    dataDir = await mkdtemp(join(tmpdir(), 'loomgraph-admin-'));
  }, 120_000);
  afterEach(async () => {
    await app[Symbol.asyncDispose]();
    await rm(dataDir, { recursive: true, force: true });
  });
  const ensure = (options: { email?: string; password?: Secret; dataDir?: string } = {}) =>
    ensureAdministrator(app.subgraph, { email: undefined, password: undefined, dataDir, logger: app.logger, ...options });

  it('gets a random password in a file of its owner alone, once', async () => {
    const file = await ensure();
    expect(file).toBe(join(dataDir, PASSWORD_FILE));
    const [email = '', password = ''] = (await readFile(file ?? '', 'utf8')).split('\n');
    expect((await stat(file ?? '')).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(app.logger.lines)).not.toContain(password);
    const { accessToken } = await app.login(email, password);
    expect((await app.claims(accessToken))['roles']).toEqual(['admin']);
    const { users } = await app.data(`{ users(filter: { role: "admin" }) { nodes { email } } }`, {}, await app.identity(accessToken));
    expect(users.nodes).toEqual([{ email: 'admin@localhost' }]);
    expect(await ensure()).toBeUndefined();
    expect(await readdir(dataDir)).toEqual([PASSWORD_FILE]);
    await app.login(email, password);
  });

  it('has the password that is set, and no file', async () => {
    expect(await ensure({ email: 'Root@Example.com', password: new Secret('a password of ours') })).toBeUndefined();
    expect(await readdir(dataDir)).toEqual([]);
    expect((await app.login('root@example.com', 'a password of ours')).sessionId).toBeTruthy();
  });

  it('is not made where somebody has an account, nor where nothing is kept', async () => {
    expect(await ensure({ dataDir: 'memory://' })).toBeUndefined();
    await app.user('ada@example.com');
    expect(await ensure()).toBeUndefined();
    expect(await ensure({ email: 'root@example.com', password: new Secret('a password of ours') })).toBeUndefined();
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('is made once where many start at once', async () => {
    const administrator = { email: 'root@example.com', password: 'a password of ours' };
    const made = await Promise.allSettled(Array.from({ length: 4 }, () => app.subgraph.makeFirstAdministrator(administrator)));
    expect(made.filter((one) => one.status === 'fulfilled' && one.value).length).toBe(1);
    expect(made.filter(({ status }) => status === 'rejected')).toEqual([]);
  });
});
