import type { RelationalStore } from '@loomgraph/stores/relational';
import type { EntityManager } from '@mikro-orm/sql';
import { lockPolicy, raisePolicy } from '../permissions/policy-version.js';

/** Takes a user out of the policy data, and has every authorizer forget them where they were in it. */
export async function erasePolicy(em: EntityManager, store: RelationalStore, userId: string): Promise<void> {
  const version = await lockPolicy(em, store);
  const statements = [
    `delete from ${store.table('user_role')} where user_id = ?`,
    `delete from ${store.table('group_member')} where user_id = ?`,
    `delete from ${store.table('resource_grant')} where grantee_kind = 'user' and grantee_id = ?`,
  ];
  let count = 0;
  for (const sql of statements) {
    // capture: authorizers learn of it by the version, no projection is derived from it.
    count += (await em.execute<{ affectedRows: number }>(sql, [userId], 'run')).affectedRows;
  }
  if (count > 0) await raisePolicy(em, { store, version, changes: [{ kind: 'user', id: userId }] });
}
