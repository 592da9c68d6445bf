import type { AccountWriter, Revocations, StoredRevocation } from './ports.js';
import type { AccountSettings } from './settings.js';

/** Access tokens are believed this much longer than they say: the tolerance of whoever verifies them. */
const CLOCK_TOLERANCE_MS = 60_000;

/** Takes back what was issued: kept with the transaction that decided it, told to everyone after its commit. */
export interface Revoker {
  sessions(writer: AccountWriter, ids: readonly string[], at: Date): Promise<readonly StoredRevocation[]>;
  /** Everything that was issued to the user up to `at`, API keys included. */
  user(writer: AccountWriter, userId: string, at: Date): Promise<readonly StoredRevocation[]>;
  publish(entries: readonly StoredRevocation[]): Promise<void>;
}

export function createRevoker(deps: { settings: AccountSettings; revocations: Revocations }): Revoker {
  const keep = async (writer: AccountWriter, kind: StoredRevocation['kind'], ids: readonly string[], at: Date) => {
    const until = new Date(at.getTime() + deps.settings.accessTtlMs + CLOCK_TOLERANCE_MS);
    const entries = ids.map((id): StoredRevocation => ({ kind, id, at, until }));
    for (const entry of entries) await writer.insertRevocation(entry);
    return entries;
  };
  return {
    sessions: (writer, ids, at) => keep(writer, 'session', ids, at),
    user: (writer, userId, at) => keep(writer, 'user', [userId], at),
    async publish(entries) {
      await Promise.all(entries.map((entry) => deps.revocations.revoke(entry)));
    },
  };
}
