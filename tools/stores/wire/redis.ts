/** Redis commands over RESP2 (redis.io, "Redis serialization protocol specification"). */
import { type WireSocket, type WireTarget, withSocket } from './socket.ts';

export type RedisReply = string | number | null | readonly RedisReply[];

/** Sends one command and returns its reply; an error reply is thrown. */
export function redisCommand(target: WireTarget, ...args: readonly (string | number)[]): Promise<RedisReply> {
  return withSocket(target, (socket) => {
    socket.write(encodeCommand(args));
    return readReply(socket);
  });
}

/** `INFO <section>` as a map. */
export async function redisInfo(target: WireTarget, section: string): Promise<ReadonlyMap<string, string>> {
  return parseInfo(String(await redisCommand(target, 'INFO', section)));
}

/** Parses the `key:value` lines that INFO, CLUSTER INFO and the like answer with. */
export function parseInfo(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':') && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

export function encodeCommand(args: readonly (string | number)[]): string {
  const parts = args.map(String).map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`);
  return `*${args.length}\r\n${parts.join('')}`;
}

async function readReply(socket: WireSocket): Promise<RedisReply> {
  const line = await socket.readLine();
  const rest = line.slice(1);
  switch (line[0]) {
    case '+':
      return rest;
    case ':':
      return Number(rest);
    case '$': {
      if (rest === '-1') return null;
      const text = (await socket.read(Number(rest))).toString();
      await socket.readLine();
      return text;
    }
    case '*': {
      const items: RedisReply[] = [];
      for (let index = 0; index < Number(rest); index += 1) items.push(await readReply(socket));
      return items;
    }
    default:
      throw new Error(`redis: ${rest}`);
  }
}
