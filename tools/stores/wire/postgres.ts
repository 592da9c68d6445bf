/** One query over the PostgreSQL protocol 3.0 with trust authentication (PostgreSQL manual, "Frontend/Backend Protocol"). */
import { type WireSocket, type WireTarget, withSocket } from './socket.ts';

export interface PostgresTarget extends WireTarget {
  readonly user: string;
  readonly database: string;
}

const PROTOCOL_3_0 = 196_608;
const TRUSTED = 0;

/** Runs `sql` as a simple query and returns the first column of its rows. */
export function postgresQuery(target: PostgresTarget, sql: string): Promise<readonly (string | null)[]> {
  return withSocket(target, async (socket) => {
    socket.write(startupMessage(target));
    await untilReady(socket);
    socket.write(message('Q', Buffer.from(`${sql}\0`)));
    return untilReady(socket);
  });
}

function startupMessage({ user, database }: PostgresTarget): Buffer {
  const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(parameters.length + 8, 0);
  head.writeInt32BE(PROTOCOL_3_0, 4);
  return Buffer.concat([head, parameters]);
}

function message(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, body]);
}

/** Reads up to ReadyForQuery; returns the rows met on the way, throws the error met on the way. */
async function untilReady(socket: WireSocket): Promise<readonly (string | null)[]> {
  const rows: (string | null)[] = [];
  for (;;) {
    const head = await socket.read(5);
    const body = await socket.read(head.readInt32BE(1) - 4);
    switch (String.fromCharCode(head[0] ?? 0)) {
      case 'Z':
        return rows;
      case 'D':
        rows.push(firstColumn(body));
        break;
      case 'E':
        throw new Error(`postgres: ${errorText(body)}`);
      case 'R':
        if (body.readInt32BE(0) !== TRUSTED) throw new Error('postgres asks for a password');
        break;
      default: // Parameter, notice, row description and the like.
    }
  }
}

function firstColumn(row: Buffer): string | null {
  const length = row.readInt16BE(0) > 0 ? row.readInt32BE(2) : -1;
  return length < 0 ? null : row.subarray(6, 6 + length).toString();
}

function errorText(body: Buffer): string {
  const fields = body.toString().split('\0');
  return fields.find((field) => field.startsWith('M'))?.slice(1) ?? 'unknown error';
}
