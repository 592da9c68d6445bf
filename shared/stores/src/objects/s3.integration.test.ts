import { randomUUID } from 'node:crypto';
import { DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { FaultProxy, leaveOutWithout, realStore } from '@loomgraph/testing';
import { parseS3Url } from './s3-url.js';
import { createS3Objects } from './s3.js';

const url = realStore('S3_URL');

async function timed(call: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
  const startedAt = performance.now();
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  return { error, ms: performance.now() - startedAt };
}

if (url) {
  describe('S3Objects', () => {
    it('creates a missing bucket at the first use, also when several processes do', async () => {
      const own = new URL(url);
      own.pathname = `/test-${randomUUID()}`;
      const stores = [createS3Objects({ url: own.href }), createS3Objects({ url: own.href })];
      expect(await Promise.all(stores.map((store) => store.head('absent')))).toEqual([null, null]);
      await Promise.all(stores.map((store) => store.close()));
      const { endpoint, region, credentials, bucket } = parseS3Url(own.href);
      const client = new S3Client({ endpoint, region, forcePathStyle: true, ...(credentials && { credentials }) });
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
      client.destroy();
    });

    it('rejects within a bounded time while the server is away or holds its answers, and works again after', async () => {
      const target = new URL(url);
      await using proxy = await FaultProxy.before({ host: target.hostname, port: Number(target.port) });
      target.hostname = '127.0.0.1';
      target.port = String(proxy.port);
      await using objects = createS3Objects({ url: target.href, connectTimeoutMs: 500, requestTimeoutMs: 500 });
      expect(await objects.head('absent')).toBeNull();
      const restore = await proxy.refuse();
      const refused = await timed(objects.head('absent'));
      expect(refused.error).toMatchObject({ name: 'StoreError', kind: 'unavailable' });
      expect(refused.ms).toBeLessThan(2_000);
      expect(await objects.health()).toMatchObject({ ok: false });
      await restore();
      expect(await objects.head('absent')).toBeNull();
      const letGo = proxy.hold();
      const held = await timed(objects.put('held', Buffer.from('x'), { contentType: 'text/plain' }));
      expect(held.error).toMatchObject({ name: 'StoreError', kind: 'timeout' });
      expect(held.ms).toBeLessThan(3_000);
      letGo();
      proxy.cut();
      expect(await objects.head('absent')).toBeNull();
    });

    it('wrong credentials are unavailable, with the cause', async () => {
      const wrong = new URL(url);
      wrong.password = 'wrong';
      await using objects = createS3Objects({ url: wrong.href });
      const { error } = await timed(objects.get('k'));
      expect(error).toMatchObject({ name: 'StoreError', kind: 'unavailable' });
      expect(error).toHaveProperty('cause.$metadata.httpStatusCode', 403);
    });

    it('presigned URLs name the public endpoint', async () => {
      await using objects = createS3Objects({ url, publicUrl: 'https://files.example' });
      expect(await objects.presignGet('a b/ü', { expiresInSeconds: 5 })).toMatch(/^https:\/\/files\.example\/[^/]+\/a%20b\/%C3%BC\?/);
    });
  });
}

leaveOutWithout('S3_URL', it);
