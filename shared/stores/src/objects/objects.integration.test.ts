import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { realStore } from '@loomgraph/testing';
import { describeObjectsContract } from './contract.js';
import { createDirectoryObjects } from './directory.js';
import { createObjectsHandler } from './handler.js';
import { createS3Objects } from './s3.js';

describeObjectsContract({
  name: 'directory',
  create: async () => {
    const dir = await mkdtemp(join(tmpdir(), 'objects-'));
    let nowMs = Date.now();
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const options = {
      dir,
      publicUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/objects`,
      secret: 'secret of the test',
      clock: { now: () => new Date(nowMs) },
    };
    const objects = createDirectoryObjects(options);
    const failures: unknown[] = [];
    const handler = createObjectsHandler(objects, { onError: (error) => failures.push(error) });
    server.on('request', (request, response) => void handler(request, response));
    return {
      objects,
      prefix: '',
      passTime: async (ms) => {
        nowMs += ms;
      },
      reopen: async () => createDirectoryObjects(options),
      [Symbol.asyncDispose]: async () => {
        const left = (await objects.list('', { limit: 1_000 })).length;
        await objects.close();
        server.closeAllConnections();
        server.close();
        const [bodies, fresh] = await Promise.all([readdir(join(dir, 'bodies')), readdir(join(dir, 'new'))]);
        await rm(dir, { recursive: true });
        expect({ failures, bodies: bodies.length, fresh }).toEqual({ failures: [], bodies: left, fresh: [] });
      },
    };
  },
});

const s3Url = realStore('S3_URL');
if (s3Url) {
  describeObjectsContract({
    name: 's3 at S3_URL',
    unsupported: [{ clause: '5: maxBytes', reason: 'a presigned PUT can sign one exact length only' }],
    create: async () => {
      const prefix = `test-${randomUUID()}/`;
      const objects = createS3Objects({ url: s3Url });
      return {
        objects,
        prefix,
        passTime: (ms) => sleep(ms),
        reopen: async () => createS3Objects({ url: s3Url }),
        [Symbol.asyncDispose]: async () => {
          for (const { key } of await objects.list(prefix, { limit: 1_000 })) await objects.delete(key);
          await objects.close();
        },
      };
    },
  });
}
