import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Objects } from './port.js';

/** An object store under test, empty under `prefix`. */
export interface ObjectsHarness extends AsyncDisposable {
  readonly objects: Objects;
  /** Put before every key of the suite; empty or ending in `/`. */
  readonly prefix: string;
  /** Lets time pass for presigned URLs: moves a clock, or waits. */
  passTime(ms: number): Promise<void>;
  /** A second store over the same data, which the suite closes. */
  reopen(): Promise<Objects>;
}

export interface ObjectsContract {
  readonly name: string;
  readonly create: () => Promise<ObjectsHarness>;
  /** Clauses, by the number and words their test's title starts with, that the backend cannot keep. */
  readonly unsupported?: readonly { readonly clause: string; readonly reason: string }[];
}

/** The clauses of `Objects`, run against one adapter. */
export function describeObjectsContract({ name, create, unsupported = [] }: ObjectsContract): void {
  const clause = (title: string, test: () => Promise<void>): void => {
    const gap = unsupported.find((entry) => title.startsWith(entry.clause));
    it(gap ? `${title} [not offered: ${gap.reason}]` : title, gap ? async () => undefined : test);
  };

  describe(`Objects contract: ${name}`, () => {
    let harness: ObjectsHarness;
    let objects: Objects;
    const key = (text: string): string => harness.prefix + text;
    const text = async (of: string): Promise<string | undefined> => {
      const found = await objects.get(of);
      return found ? (await buffer(found.body)).toString() : undefined;
    };
    const put = (of: string, body: string | Readable = 'x', contentType = 'text/plain') =>
      objects.put(of, typeof body === 'string' ? Buffer.from(body) : body, { contentType });

    beforeAll(async () => {
      harness = await create();
      ({ objects } = harness);
    });
    afterAll(async () => {
      await harness[Symbol.asyncDispose]();
    });

    clause('1: bytes, content type and metadata come back', async () => {
      const bytes = Buffer.from(Array.from({ length: 3_000 }, (_, index) => index % 256));
      const metadata = { owner: 'u-1', title: '我的 简历 100%\t"x"', 'source-id': '' };
      const stored = await objects.put(key('one/Bytes 简历%2F+.bin'), bytes, { contentType: 'application/pdf', metadata });
      expect(stored).toMatchObject({ key: key('one/Bytes 简历%2F+.bin'), sizeBytes: 3_000, contentType: 'application/pdf', metadata });
      const found = await objects.get(stored.key);
      expect(found && (await buffer(found.body)).equals(bytes)).toBe(true);
      expect(found?.info).toEqual({ ...stored, modifiedAt: expect.any(Date) });
      expect(await objects.head(stored.key)).toEqual(found?.info);
      expect(Math.abs((found?.info.modifiedAt.getTime() ?? 0) - stored.modifiedAt.getTime())).toBeLessThan(5_000);
    });

    clause('1: a stream of unknown length, an empty one, and one of several parts', async () => {
      await put(key('one/stream'), Readable.from([Buffer.from('a'), Buffer.from('b'.repeat(70_000)), Buffer.from('c')]));
      expect(await text(key('one/stream'))).toBe(`a${'b'.repeat(70_000)}c`);
      expect(await put(key('one/empty'), Readable.from([]))).toMatchObject({ sizeBytes: 0 });
      expect(await text(key('one/empty'))).toBe('');
      const megabyte = (fill: number) => Buffer.alloc(1024 * 1024, fill);
      const large = await put(
        key('one/large'),
        Readable.from(Array.from({ length: 19 }, (_, index) => megabyte(index))),
        'application/octet-stream',
      );
      expect(large.sizeBytes).toBe(19 * 1024 * 1024);
      const found = await objects.get(key('one/large'));
      expect(found && (await buffer(found.body)).equals(Buffer.concat(Array.from({ length: 19 }, (_, index) => megabyte(index))))).toBe(
        true,
      );
      expect(found?.info).toMatchObject({ etag: large.etag, sizeBytes: large.sizeBytes, contentType: 'application/octet-stream' });
    });

    clause('1: a put replaces content, type and metadata; the etag changes with the content', async () => {
      const first = await objects.put(key('one/replaced'), Buffer.from('first'), { contentType: 'text/plain', metadata: { a: '1' } });
      const second = await put(key('one/replaced'), 'second', 'text/markdown');
      expect(second.etag).not.toBe(first.etag);
      expect(await objects.head(key('one/replaced'))).toMatchObject({ contentType: 'text/markdown', metadata: {}, etag: second.etag });
      expect(await text(key('one/replaced'))).toBe('second');
    });

    clause('1: readers see one whole version while it is replaced', async () => {
      const versions = Array.from({ length: 8 }, (_, index) => String(index).repeat(20_000));
      await put(key('one/whole'), versions[0]);
      const seen = await Promise.all(
        versions.flatMap((version) => [put(key('one/whole'), version).then(() => undefined), text(key('one/whole'))]),
      );
      for (const read of seen.filter((entry) => entry !== undefined)) expect(versions).toContain(read);
    });

    clause('2: absent keys', async () => {
      expect(await objects.get(key('two/absent'))).toBeNull();
      expect(await objects.head(key('two/absent'))).toBeNull();
      await objects.delete(key('two/absent'));
      await put(key('two/there'));
      await objects.delete(key('two/there'));
      expect(await objects.head(key('two/there'))).toBeNull();
      expect(await objects.list(key('two/'), { limit: 10 })).toEqual([]);
    });

    clause('3: ifAbsent refuses an existing key, and of many writers one wins', async () => {
      const attempt = (content: string) =>
        objects.put(key('three/once'), Buffer.from(content), { contentType: 'text/plain', ifAbsent: true });
      const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map(attempt));
      const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
      expect(won).toHaveLength(1);
      await expect(attempt('late')).rejects.toMatchObject({ name: 'StoreError', kind: 'conflict' });
      expect(['a', 'b', 'c', 'd', 'e']).toContain(await text(key('three/once')));
      await objects.delete(key('three/once'));
      await attempt('again');
      expect(await text(key('three/once'))).toBe('again');
    });

    clause('4: list answers in key order, by prefix, in pages', async () => {
      const names = [
        'b/2',
        'b/10',
        'a',
        'a-b',
        'a.b/x',
        'b0',
        'B',
        'b/1/deep/er',
        '简/历',
        '\u{1F4C4}',
        'zz',
        `long/${'长'.repeat(80)}/end`,
        `long/${'长'.repeat(80)}x`,
      ];
      const keys = names.map((name) => key(`four/${name}`));
      await Promise.all(keys.map((each) => objects.put(each, Buffer.from(each), { contentType: 'text/plain', metadata: { n: each } })));
      await put(key('fourth'));
      const sorted = keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
      const all = await objects.list(key('four/'), { limit: 100 });
      expect(all.map((info) => info.key)).toEqual(sorted);
      expect(all[0]).toEqual({ ...(await objects.head(sorted[0] ?? '')) });
      expect(all[3]).toMatchObject({ contentType: 'text/plain', metadata: { n: sorted[3] } });
      const paged: string[] = [];
      for (let after: string | undefined, page = 0; page < 10; page += 1) {
        const found = await objects.list(key('four/'), { limit: 4, ...(after !== undefined && { after }) });
        paged.push(...found.map((info) => info.key));
        if (found.length < 4) break;
        after = found.at(-1)?.key;
      }
      expect(paged).toEqual(sorted);
      expect((await objects.list(key('four/b'), { limit: 100 })).map((info) => info.key)).toEqual(
        sorted.filter((each) => each.startsWith(key('four/b'))),
      );
      expect((await objects.list(key('four/b/1'), { limit: 100 })).map((info) => info.key)).toEqual([
        key('four/b/1/deep/er'),
        key('four/b/10'),
      ]);
      expect((await objects.list(key('four/'), { limit: 1, after: key('four/b/') })).map((info) => info.key)).toEqual([
        key('four/b/1/deep/er'),
      ]);
      expect(await objects.list(key('four/none'), { limit: 5 })).toEqual([]);
      expect(await objects.list(key('four/'), { limit: 0 })).toEqual([]);
    });

    clause('5: a presigned GET works without credentials, with ranges and a file name', async () => {
      await put(key('five/简历 1.txt'), '0123456789');
      const url = await objects.presignGet(key('five/简历 1.txt'), { expiresInSeconds: 60, downloadName: '简历 "最终" (1).txt' });
      const whole = await fetch(url);
      expect(whole.status).toBe(200);
      expect(whole.headers.get('content-type')).toBe('text/plain');
      expect(whole.headers.get('content-disposition')).toContain(
        "filename*=UTF-8''%E7%AE%80%E5%8E%86%20%22%E6%9C%80%E7%BB%88%22%20%281%29.txt",
      );
      expect(await whole.text()).toBe('0123456789');
      for (const [range, content] of [
        ['bytes=2-4', '234'],
        ['bytes=7-', '789'],
        ['bytes=-2', '89'],
      ] as const) {
        const part = await fetch(url, { headers: { range } });
        expect([part.status, await part.text()]).toEqual([206, content]);
        expect(part.headers.get('content-range')).toMatch(/^bytes \d-\d\/10$/);
      }
      const beyond = await fetch(url, { headers: { range: 'bytes=50-' } });
      await beyond.arrayBuffer();
      expect(beyond.status).toBe(416);
    });

    clause('5: a presigned PUT stores with the signed content type only', async () => {
      const { url, headers } = await objects.presignPut(key('five/upload'), {
        expiresInSeconds: 60,
        contentType: 'application/pdf',
        maxBytes: 100,
      });
      expect(headers['content-type']).toBe('application/pdf');
      const refused = await fetch(url, { method: 'PUT', body: 'pdf', headers: { 'content-type': 'text/html' } });
      expect(refused.status).toBe(403);
      expect(await objects.head(key('five/upload'))).toBeNull();
      const stored = await fetch(url, { method: 'PUT', body: 'pdf', headers });
      expect(stored.status).toBe(200);
      expect(await objects.head(key('five/upload'))).toMatchObject({ sizeBytes: 3, contentType: 'application/pdf' });
      expect(await text(key('five/upload'))).toBe('pdf');
    });

    clause('5: maxBytes refuses a longer body', async () => {
      const { url, headers } = await objects.presignPut(key('five/max'), { expiresInSeconds: 60, contentType: 'text/plain', maxBytes: 10 });
      const announced = await fetch(url, { method: 'PUT', body: 'x'.repeat(11), headers });
      expect(announced.status).toBe(413);
      const chunks = Readable.toWeb(Readable.from([Buffer.alloc(6), Buffer.alloc(6)])) as ReadableStream;
      const streamed = await fetch(url, { method: 'PUT', body: chunks, headers, duplex: 'half' } as RequestInit);
      expect(streamed.status).toBe(413);
      expect(await objects.head(key('five/max'))).toBeNull();
      expect((await fetch(url, { method: 'PUT', body: 'x'.repeat(10), headers })).status).toBe(200);
    });

    clause('5: a changed, foreign or expired URL is refused', async () => {
      await put(key('five/secret'));
      const url = await objects.presignGet(key('five/secret'), { expiresInSeconds: 2 });
      const put2 = await objects.presignPut(key('five/secret'), { expiresInSeconds: 2, contentType: 'text/plain' });
      const status = async (target: string, init?: RequestInit): Promise<number> => {
        const answer = await fetch(target, init);
        await answer.arrayBuffer();
        return answer.status;
      };
      expect(await status(url)).toBe(200);
      expect(await status(url.replace('secret', 'other'))).toBe(403);
      expect(await status(url.replace(/(signature=)(.)/i, (_, name: string, first: string) => name + (first === 'a' ? 'b' : 'a')))).toBe(
        403,
      );
      expect(await status(url.split('?')[0] ?? '')).toBe(403);
      expect(await status(url, { method: 'PUT', body: 'x', headers: put2.headers })).toBe(403);
      expect(await status(put2.url)).toBe(403);
      await harness.passTime(3_100);
      expect(await status(url)).toBe(403);
      expect(await status(put2.url, { method: 'PUT', body: 'x', headers: put2.headers })).toBe(403);
      expect(await text(key('five/secret'))).toBe('x');
    });

    clause('6: keys and metadata names outside the rules are refused', async () => {
      const refused = { code: 'BAD_USER_INPUT' };
      const bad = [
        '',
        '/',
        'a/',
        '/a',
        'a//b',
        '.',
        'a/../b',
        'a/.',
        'a\nb',
        'a\0b',
        'a\ud800',
        'x'.repeat(256),
        Array.from({ length: 300 }, () => '四四').join('/'),
      ];
      for (const each of bad) {
        await expect(put(each)).rejects.toMatchObject(refused);
        await expect(objects.get(each)).rejects.toMatchObject(refused);
        await expect(objects.head(each)).rejects.toMatchObject(refused);
        await expect(objects.delete(each)).rejects.toMatchObject(refused);
        await expect(objects.presignGet(each, { expiresInSeconds: 1 })).rejects.toMatchObject(refused);
        await expect(objects.presignPut(each, { expiresInSeconds: 1, contentType: 'a/b' })).rejects.toMatchObject(refused);
      }
      for (const name of ['A B', 'Upper', '']) {
        await expect(objects.put(key('six'), Buffer.alloc(0), { contentType: 'a/b', metadata: { [name]: '1' } })).rejects.toMatchObject(
          refused,
        );
      }
      const longest = key(`six/${'s'.repeat(255)}/...${'四'.repeat(84)}`);
      await put(longest, 'long');
      expect(await text(longest)).toBe('long');
    });

    clause('8: an error of the body is thrown as it is and leaves nothing', async () => {
      const failure = new Error('the source broke');
      const broken = (bytes: number) =>
        Readable.from(
          (async function* () {
            yield Buffer.alloc(bytes);
            throw failure;
          })(),
        );
      await expect(put(key('eight/broken'), broken(10))).rejects.toBe(failure);
      await expect(put(key('eight/broken'), broken(17 * 1024 * 1024))).rejects.toBe(failure);
      expect(await objects.head(key('eight/broken'))).toBeNull();
    });

    clause('7: health is ok while open; after close every call is unavailable', async () => {
      const closing = await harness.reopen();
      expect(await closing.health()).toMatchObject({ name: 'objects', ok: true });
      await closing.close();
      await closing.close();
      const calls = [
        () => closing.put('k', Buffer.alloc(1), { contentType: 'a/b' }),
        () => closing.get('k'),
        () => closing.head('k'),
        () => closing.delete('k'),
        () => closing.list('', { limit: 1 }),
        () => closing.presignGet('k', { expiresInSeconds: 1 }),
        () => closing.presignPut('k', { expiresInSeconds: 1, contentType: 'a/b' }),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ name: 'StoreError', kind: 'unavailable' });
      expect(await closing.health()).toMatchObject({ ok: false });
    });
  });
}
