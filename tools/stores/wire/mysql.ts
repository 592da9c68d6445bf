/** One statement over the MySQL protocol with mysql_native_password ("MySQL Source Code Documentation: Client/Server Protocol"). */
import { createHash } from 'node:crypto';
import { type WireSocket, type WireTarget, withSocket } from './socket.ts';

export interface MysqlTarget extends WireTarget {
  readonly user: string;
  readonly password: string;
}

// CLIENT_LONG_PASSWORD | CLIENT_PROTOCOL_41 | CLIENT_SECURE_CONNECTION | CLIENT_PLUGIN_AUTH
const CAPABILITIES = 0x0000_0001 | 0x0000_0200 | 0x0000_8000 | 0x0008_0000;
const MAX_PACKET_BYTES = 1 << 24;
const UTF8MB4_GENERAL_CI = 45;
const SCRAMBLE_BYTES = 20;
const COM_QUERY = 0x03;
const ERROR_PACKET = 0xff;
const AUTH_SWITCH_PACKET = 0xfe;

/** Logs in and runs `sql`; resolves when the server accepted it, without reading rows. */
export function mysqlExecute({ user, password, ...target }: MysqlTarget, sql: string): Promise<void> {
  return withSocket(target, async (socket) => {
    const greeting = await readPacket(socket);
    socket.write(packet(greeting.sequence + 1, loginBody(user, nativePassword(password, parseScramble(greeting.body)))));
    let reply = await readPacket(socket);
    if (reply.body[0] === AUTH_SWITCH_PACKET) {
      const scramble = reply.body.subarray(reply.body.indexOf(0) + 1).subarray(0, SCRAMBLE_BYTES);
      socket.write(packet(reply.sequence + 1, nativePassword(password, scramble)));
      reply = await readPacket(socket);
    }
    socket.write(packet(0, Buffer.concat([Buffer.from([COM_QUERY]), Buffer.from(sql)])));
    await readPacket(socket);
  });
}

/** SHA1(password) XOR SHA1(scramble + SHA1(SHA1(password))). */
export function nativePassword(password: string, scramble: Buffer): Buffer {
  const hash = sha1(Buffer.from(password));
  const mask = sha1(Buffer.concat([scramble, sha1(hash)]));
  return Buffer.from(hash.map((byte, index) => byte ^ (mask[index] ?? 0)));
}

/** The 20 bytes that the greeting carries in two places. */
export function parseScramble(greeting: Buffer): Buffer {
  const versionEnd = greeting.indexOf(0, 1) + 1;
  const first = greeting.subarray(versionEnd + 4, versionEnd + 12);
  const second = greeting.subarray(versionEnd + 31, versionEnd + 43);
  return Buffer.concat([first, second]);
}

function loginBody(user: string, answer: Buffer): Buffer {
  const head = Buffer.alloc(32); // Its last 23 bytes are reserved zeros.
  head.writeUInt32LE(CAPABILITIES, 0);
  head.writeUInt32LE(MAX_PACKET_BYTES, 4);
  head.writeUInt8(UTF8MB4_GENERAL_CI, 8);
  const plugin = Buffer.from('mysql_native_password\0');
  return Buffer.concat([head, Buffer.from(`${user}\0`), Buffer.from([answer.length]), answer, plugin]);
}

function packet(sequence: number, body: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUIntLE(body.length, 0, 3);
  head.writeUInt8(sequence, 3);
  return Buffer.concat([head, body]);
}

async function readPacket(socket: WireSocket): Promise<{ readonly sequence: number; readonly body: Buffer }> {
  const head = await socket.read(4);
  const body = await socket.read(head.readUIntLE(0, 3));
  if (body[0] === ERROR_PACKET) throw new Error(`mysql: error ${body.readUInt16LE(1)}: ${body.subarray(3).toString()}`);
  return { sequence: head.readUInt8(3), body };
}

function sha1(data: Buffer): Buffer {
  return createHash('sha1').update(data).digest();
}
