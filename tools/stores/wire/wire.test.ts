import { createHash } from 'node:crypto';
import { decodeMetadata } from './kafka.ts';
import { nativePassword, parseScramble } from './mysql.ts';
import { encodeCommand, parseInfo } from './redis.ts';
import { signHeaders } from './s3.ts';

const sha1 = (...parts: (Buffer | string)[]) => parts.reduce((hash, part) => hash.update(part), createHash('sha1')).digest();

describe('mysql', () => {
  it('proves the password in the way a server that stores its double hash verifies', () => {
    const scramble = Buffer.from('abcdefghijklmnopqrst');
    const stored = sha1(sha1('loom'));
    const mask = sha1(scramble, stored);
    const recovered = Buffer.from(nativePassword('loom', scramble).map((byte, index) => byte ^ (mask[index] ?? 0)));
    expect(sha1(recovered)).toEqual(stored);
  });

  it('finds both parts of the scramble in a greeting', () => {
    const greeting = Buffer.concat([
      Buffer.from('\x0a8.0.15\0'),
      Buffer.from([1, 0, 0, 0]), // Connection id.
      Buffer.from('12345678\0'),
      Buffer.alloc(18), // Capabilities, character set, status, length of the scramble, reserved.
      Buffer.from('90abcdefghij\0mysql_native_password\0'),
    ]);
    expect(parseScramble(greeting).toString()).toBe('1234567890abcdefghij');
  });
});

describe('redis', () => {
  it('counts bytes, not characters', () => {
    expect(encodeCommand(['SET', 'é', 1])).toBe('*3\r\n$3\r\nSET\r\n$2\r\né\r\n$1\r\n1\r\n');
  });

  it('reads INFO, with colons in values', () => {
    expect(parseInfo('# Replication\r\nrole:master\r\nslave0:ip=::1\r\n')).toEqual(
      new Map([
        ['role', 'master'],
        ['slave0', 'ip=::1'],
      ]),
    );
  });
});

describe('kafka', () => {
  it('reads the brokers, with and without a rack, and the controller', () => {
    const int = (value: number) => Buffer.from(Int32Array.of(value).buffer).reverse();
    const text = (value: string) => Buffer.concat([Buffer.from([0, value.length]), Buffer.from(value)]);
    const nothing = Buffer.from([0xff, 0xff]);
    const first = [int(1), text('127.0.0.1'), int(20_001), nothing];
    const second = [int(2), text('127.0.0.1'), int(20_002), text('r')];
    const response = Buffer.concat([int(1), int(2), ...first, ...second, int(2), int(0)]);
    expect(decodeMetadata(response)).toEqual({
      brokers: [
        { id: 1, host: '127.0.0.1', port: 20_001 },
        { id: 2, host: '127.0.0.1', port: 20_002 },
      ],
      controllerId: 2,
    });
  });
});

describe('s3', () => {
  // The expected signature was computed with @smithy/signature-v4 5.
  it('signs as AWS does', () => {
    const headers = signHeaders({
      method: 'GET',
      path: '/loom',
      host: '127.0.0.1:20000',
      region: 'us-east-1',
      accessKeyId: 'loom',
      secretAccessKey: 'loomsecret',
      now: new Date('2025-01-02T03:04:05.678Z'),
    });
    expect(headers['x-amz-date']).toBe('20250102T030405Z');
    expect(headers['authorization']).toBe(
      'AWS4-HMAC-SHA256 Credential=loom/20250102/us-east-1/s3/aws4_request, ' +
        'SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=bcce5afc5ce1e893ac2de512718891d8cd74cac8095542a52be0db423d6ff4e1',
    );
  });
});
