import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createClamAvScanner } from '../src/adapters/clamav-scanner.js';
import { caller, COMPLETE, markdown, openResumes, sha256 } from './support/open-resumes.js';

/** A daemon that speaks INSTREAM as clamd does and finds one word; other words make it misbehave. */
async function startDaemon() {
  const received: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let bytes = Buffer.alloc(0);
    socket.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      const content = contentOf(bytes);
      if (!content) return;
      received.push(content);
      const text = content.toString();
      if (text.includes('HANG')) return;
      if (text.includes('CLOSE')) return void socket.end();
      if (text.includes('FLOOD')) return void socket.write('x'.repeat(10_000));
      if (text.includes('LIMIT')) return void socket.end('INSTREAM size limit exceeded. ERROR\0');
      socket.end(text.includes('EVIL') ? 'stream: Test.Evil-1 FOUND\0' : 'stream: OK\0');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** What was streamed, once its end has come; undefined before. */
function contentOf(bytes: Buffer): Buffer | undefined {
  const command = 'zINSTREAM\0';
  if (bytes.length < command.length) return undefined;
  if (bytes.toString('latin1', 0, command.length) !== command) throw new Error('Not INSTREAM.');
  const chunks: Buffer[] = [];
  for (let at = command.length; at + 4 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (length === 0) return Buffer.concat(chunks);
    if (at + 4 + length > bytes.length) return undefined;
    chunks.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return undefined;
}

describe('R1 uploads are scanned where a scanner is configured', () => {
  const away = { name: 'LoomError', code: 'SCANNER_UNAVAILABLE' };

  it('ClamAV gets every byte, in chunks, and its verdict counts', async () => {
    await using daemon = await startDaemon();
    const scanner = createClamAvScanner({ url: daemon.url, timeoutMs: 200 });
    const large = Buffer.alloc(300_000, 'clean ');
    expect(await scanner.scan(large)).toBeNull();
    expect(sha256(daemon.received[0] ?? Buffer.alloc(0))).toBe(sha256(large));
    expect(await scanner.scan(Buffer.from('EVIL'))).toBe('Test.Evil-1');
    for (const word of ['HANG', 'CLOSE', 'FLOOD', 'LIMIT']) await expect(scanner.scan(Buffer.from(word))).rejects.toMatchObject(away);
  });

  it('a file that nobody has looked at is no version; once the scanner is back, the same upload goes through', async () => {
    await using daemon = await startDaemon();
    let url = 'tcp://127.0.0.1:1';
    await using app = await openResumes({ urls: {} }, { scanner: { scan: (content) => createClamAvScanner({ url }).scan(content) } });
    const ann = caller('ann');
    const resumeId = await app.createResume(ann);
    const { id } = await app.sendFile(ann, resumeId, markdown('# Ann'));
    expect(await app.refusal(COMPLETE, { input: { uploadId: id } }, ann)).toMatchObject({ code: 'SCANNER_UNAVAILABLE' });
    expect(await app.keys('resumes/')).toEqual([]);
    ({ url } = daemon);
    expect((await app.data(COMPLETE, { input: { uploadId: id } }, ann)).completeResumeUpload.version.number).toBe(1);
    const evil = await app.sendFile(ann, resumeId, markdown('# EVIL'));
    expect(await app.refusal(COMPLETE, { input: { uploadId: evil.id } }, ann)).toMatchObject({ code: 'FILE_REFUSED', reason: 'infected' });
    await app.settle();
    expect(await app.keys(`resume-uploads/`)).toEqual([]);
    expect(await app.keys('resumes/')).toHaveLength(1);
  }, 60_000);
});
