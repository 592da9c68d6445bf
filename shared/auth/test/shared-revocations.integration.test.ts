import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createRedisCache } from '@loomgraph/stores/cache';
import { FaultProxy, leaveOutWithout, realStore, waitFor } from '@loomgraph/testing';
import { openSharedRevocationList } from '../src/shared-revocation-list.js';

const redisUrl = realStore('REDIS_URL');
const HONOURED_WITHIN_MS = 5_000;
const SESSIONS = 8;
const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const holder = (sessionId: string) => ({ userId: 'ada', sessionId, issuedAt: new Date(0) });

describe('revocations through Redis', () => {
  leaveOutWithout('REDIS_URL', it);
  if (redisUrl === undefined) return;
  const prefix = `revocations-${process.pid}-${Date.now()}:`;

  it(`are honoured by another process within ${HONOURED_WITHIN_MS / 1_000} s`, async () => {
    await using cache = createRedisCache({ url: redisUrl, prefix });
    await using list = await openSharedRevocationList({ store: cache });
    const child = spawn(process.execPath, ['--import', at('../../sync/test/support/from-sources.mjs'), at('support/revoker.ts')], {
      env: { PATH: process.env['PATH'] ?? '', REDIS_URL: redisUrl, PREFIX: prefix },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    try {
      await waitFor(
        () => output,
        (text) => text.includes('ready'),
        60_000,
      );
      const delays: number[] = [];
      for (let number = 1; number <= SESSIONS; number++) {
        const id = `s${number}`;
        expect(list.isRevoked(holder(id))).toBe(false);
        child.stdin.write(`${id}\n`);
        await waitFor(
          () => output,
          (text) => text.includes(`revoked ${id}\n`),
        );
        const since = performance.now();
        await waitFor(
          () => list.isRevoked(holder(id)),
          (isRevoked) => isRevoked,
        );
        delays.push(performance.now() - since);
      }
      process.stdout.write(`honoured after ${delays.map((ms) => Math.round(ms)).join(', ')} ms\n`);
      expect(Math.max(...delays)).toBeLessThan(HONOURED_WITHIN_MS);
      await using later = await openSharedRevocationList({ store: cache });
      expect([later.isRevoked(holder('s1')), later.isRevoked(holder('s0'))]).toEqual([true, false]);
    } finally {
      child.stdin.end();
      await exited;
    }
  }, 120_000);

  it('say that they are behind while Redis is away, and catch up when it is back', async () => {
    const { hostname, port } = new URL(redisUrl);
    await using proxy = await FaultProxy.before({ host: hostname, port: Number(port || 6379) });
    const through = new URL(redisUrl);
    through.hostname = '127.0.0.1';
    through.port = String(proxy.port);
    await using away = createRedisCache({ url: through.href, prefix, commandTimeoutMs: 500, connectTimeoutMs: 500 });
    await using list = await openSharedRevocationList({ store: away });
    expect(list.state().isCurrent).toBe(true);
    const restore = await proxy.refuse();
    await waitFor(
      () => list.state().isCurrent,
      (isCurrent) => !isCurrent,
      15_000,
    );
    await using cache = createRedisCache({ url: redisUrl, prefix });
    await using other = await openSharedRevocationList({ store: cache });
    const now = Date.now();
    await other.revoke({ kind: 'user', id: 'eve', at: new Date(now), until: new Date(now + 60_000) });
    await restore();
    await waitFor(
      () => list.isRevoked({ userId: 'eve', issuedAt: new Date(now - 5_000) }),
      (isRevoked) => isRevoked,
      15_000,
    );
    expect(list.state().isCurrent).toBe(true);
  }, 60_000);
});
