import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, request as send, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDirectoryObjects, type DirectoryObjects } from './directory.js';
import { createObjectsHandler } from './handler.js';

describe('createObjectsHandler', () => {
  let dir: string;
  let server: Server;
  let objects: DirectoryObjects;
  const failures: unknown[] = [];
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'objects-'));
    server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    objects = createDirectoryObjects({ dir, publicUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/a/b/`, secret: 's' });
    const handler = createObjectsHandler(objects, { onError: (error) => failures.push(error) });
    server.on('request', (request, response) => void handler(request, response));
    await objects.put('file', Buffer.from('0123456789'), { contentType: 'text/html' });
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await objects.close();
    await rm(dir, { recursive: true });
    expect(failures.splice(0)).toEqual([]);
  });

  it('answers HEAD and conditional requests without a body', async () => {
    const url = await objects.presignGet('file', { expiresInSeconds: 60 });
    const head = await fetch(url, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '10', '']);
    const etag = head.headers.get('etag') ?? '';
    expect((await fetch(url, { headers: { 'if-none-match': `"x", ${etag}` } })).status).toBe(304);
    expect((await fetch(url, { headers: { range: 'bytes=0-1', 'if-range': etag } })).status).toBe(206);
    expect((await fetch(url, { headers: { range: 'bytes=0-1', 'if-range': '"old"' } })).status).toBe(200);
  });

  it('keeps uploaded pages from running on its origin', async () => {
    const answer = await fetch(await objects.presignGet('file', { expiresInSeconds: 60 }));
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    await answer.arrayBuffer();
  });

  it('answers 404 for an absent object, 403 outside its path, 405 for other methods', async () => {
    const url = await objects.presignGet('absent', { expiresInSeconds: 60 });
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(url.replace('/a/b/', '/c/'))).status).toBe(403);
    expect((await fetch(url.replace('absent', '%E0%A4%A'))).status).toBe(403);
    const other = await fetch(url, { method: 'DELETE' });
    expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD, PUT']);
  });

  it('an upload that breaks off leaves nothing', async () => {
    const { url, headers } = await objects.presignPut('broken', { expiresInSeconds: 60, contentType: 'text/plain' });
    const upload = send(url, { method: 'PUT', headers: { ...headers, 'content-length': 100 } });
    upload.on('error', () => undefined);
    upload.write('half');
    await new Promise<void>((resolve) => {
      const poll = setInterval(async () => {
        if ((await readdir(join(dir, 'new'))).length === 0) return;
        clearInterval(poll);
        resolve();
      }, 5);
    });
    upload.destroy();
    while ((await readdir(join(dir, 'new'))).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await objects.head('broken')).toBeNull();
    expect(await readdir(join(dir, 'bodies'))).toHaveLength(1);
  });

  it('a sidecar that is no JSON is corrupt, and answered with 500', async () => {
    await writeFile(join(dir, 'keys', 'file.json'), '{');
    await expect(objects.head('file')).rejects.toMatchObject({ name: 'StoreError', kind: 'corrupt' });
    expect((await fetch(await objects.presignGet('file', { expiresInSeconds: 60 }))).status).toBe(500);
    expect(failures.splice(0)).toMatchObject([{ kind: 'corrupt' }]);
  });

  it('a folder that cannot be written is unavailable', async () => {
    await writeFile(join(dir, 'plain'), '');
    await using blocked = createDirectoryObjects({ dir: join(dir, 'plain', 'below'), publicUrl: 'http://x', secret: 's' });
    await expect(blocked.head('a')).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
    expect(await blocked.health()).toMatchObject({ ok: false });
  });
});
