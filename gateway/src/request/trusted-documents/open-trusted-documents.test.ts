import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryLogger, createMetrics } from '@loomgraph/telemetry';
import { openTrustedDocuments, type OpenTrustedDocuments } from './open-trusted-documents.js';

const HOUR_MS = 3_600_000;
let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loom-trusted-'));
  path = join(folder, 'manifest.json');
});
afterEach(() => rm(folder, { recursive: true }));

const logger = createMemoryLogger();
const open = (): Promise<OpenTrustedDocuments> =>
  openTrustedDocuments({ path, mode: 'strict', exemptRoles: ['admin'], logger, metrics: createMetrics(), pollIntervalMs: HOUR_MS });
const identity = (...roles: string[]) => ({ userId: '1', roles, scopes: [], issuedAt: new Date(0), expiresAt: new Date(1) });

describe('openTrustedDocuments', () => {
  it('knows documents by id and text, exactly', async () => {
    await writeFile(path, JSON.stringify({ one: '{ a }' }));
    await using documents = await open();
    expect(documents.find('one')).toBe('{ a }');
    expect(documents.find('two')).toBeUndefined();
    expect(documents.find('__proto__')).toBeUndefined();
    expect([documents.isKnown('{ a }'), documents.isKnown('{a}')]).toEqual([true, false]);
  });

  it('exempts callers by role, anonymous ones never', async () => {
    await writeFile(path, '{}');
    await using documents = await open();
    expect(
      [identity('admin'), identity('user', 'admin'), identity('user'), identity(), null].map((one) => documents.isExempt(one)),
    ).toEqual([true, true, false, false, false]);
  });

  it('takes up what the file newly holds, and keeps what was known while it cannot be used', async () => {
    await writeFile(path, JSON.stringify({ one: '{ a }' }));
    await using documents = await open();
    await writeFile(path, JSON.stringify({ two: '{ b }' }));
    await documents.reload();
    expect([documents.find('one'), documents.find('two')]).toEqual([undefined, '{ b }']);
    for (const broken of ['{', '[]', '{"a":1}']) {
      await writeFile(path, broken);
      await documents.reload();
      expect(documents.find('two')).toBe('{ b }');
    }
    await rm(path);
    await documents.reload();
    expect(documents.find('two')).toBe('{ b }');
  });

  it('notices a file that is replaced by another one', async () => {
    await writeFile(path, JSON.stringify({ one: '{ a }' }));
    await using documents = await open();
    await writeFile(join(folder, 'next.json'), JSON.stringify({ two: '{ b }' }));
    const before = logger.lines.length;
    const takenUp = new Promise<void>((resolve) => {
      const look = (): void => {
        if (logger.lines.slice(before).some(({ message }) => message === 'Trusted documents taken up')) resolve();
        else setImmediate(look);
      };
      look();
    });
    await rename(join(folder, 'next.json'), path);
    await takenUp;
    expect(documents.find('two')).toBe('{ b }');
  });

  it.each([
    ['is not there', undefined],
    ['holds no manifest', '[]'],
  ])('refuses to start with a file that %s', async (_title, content) => {
    if (content !== undefined) await writeFile(path, content);
    await expect(open()).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('TRUSTED_DOCUMENTS: ') });
  });
});
