/** The unprivileged user that servers refusing root run as. */
import { readFileSync } from 'node:fs';

export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/**
 * The first of `names` that exists; `undefined` when this process is not root, since servers then run as its own user.
 * Throws when root has none of them to offer.
 */
export function findServerUser(names: readonly string[], isRoot: boolean): ServerUser | undefined {
  if (!isRoot) return undefined;
  const users = parsePasswd(readFileSync('/etc/passwd', 'utf8'));
  const found = names.map((name) => users.get(name)).find((user) => user !== undefined);
  if (!found) throw new Error(`this server refuses to run as root and none of the users ${names.join(', ')} exists`);
  return found;
}

export function parsePasswd(text: string): Map<string, ServerUser> {
  const users = new Map<string, ServerUser>();
  for (const line of text.split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name && uid && gid) users.set(name, { name, uid: Number(uid), gid: Number(gid) });
  }
  return users;
}
