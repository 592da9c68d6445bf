import { LoomError, StoreError } from '@loomgraph/core';
import { builtInPolicy } from './built-in-source.js';
import type { PolicyChange, PolicySource } from './policy-source.js';
import { reaches, type HeldRole, type PolicyRule, type ResourceGrant } from './policy.js';

/** What of a relational store is needed: shared/auth knows no stores. */
export interface PolicyDatabase {
  /** Quoted, qualified name of a table. */
  table(name: string): string;
  read(): { execute(statement: string, parameters: unknown[]): Promise<unknown> };
}

/** More changes than this are not looked through: everything is read again. */
const MAX_CHANGES = 2_000;

type Row = Readonly<Record<string, unknown>>;

/**
 * The policy data in the accounts database, read where it is: by the accounts subgraph and by every other process that has the system of record.
 * A database without the tables is one whose accounts subgraph has not started yet: until then there are the built-in roles.
 */
export function createSqlPolicySource(database: PolicyDatabase): PolicySource {
  const t = (name: string): string => database.table(name);

  const rows = async (statement: string, parameters: unknown[] = []): Promise<readonly Row[]> => {
    try {
      return (await database.read().execute(statement, parameters)) as readonly Row[]; // every statement here is a select
    } catch (error) {
      if (error instanceof LoomError) throw error;
      throw new StoreError('unavailable', 'policy', 'The policy data cannot be read.', { cause: error });
    }
  };
  /** Which answers as if there were no policy data, where there are no tables. */
  const orBuiltIn = async <T>(read: () => Promise<T>, builtIn: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (isMissingTable(error)) return builtIn();
      throw error;
    }
  };

  return {
    version: () =>
      orBuiltIn(
        async () => Number((await rows(`select version from ${t('policy_version')} where id = 1`))[0]?.['version'] ?? 0),
        builtInPolicy.version,
      ),

    async changesSince(version) {
      const found = await rows(
        `select version, kind, subject_id from ${t('policy_change')} where version > ? order by version, position limit ${MAX_CHANGES + 1}`,
        [version],
      );
      // A gap at the start: what came after `version` has been trimmed away.
      if (found.length > MAX_CHANGES || Number(found[0]?.['version']) !== version + 1) return 'all';
      return found.map(toChange);
    },

    rules: () =>
      orBuiltIn(
        async () => (await rows(`select role_name, resource_type, action, reach from ${t('role_permission')}`)).flatMap(toRule),
        builtInPolicy.rules,
      ),

    factsOf: (userId) =>
      orBuiltIn(
        async () => {
          const facts = { roles: [] as HeldRole[], groups: [] as string[], grants: [] as ResourceGrant[] };
          for (const { kind, a, b, c } of await rows(factsStatement(t), [userId, userId, userId, userId])) {
            if (kind === 'role') facts.roles.push({ role: String(a), companyId: b === '' ? null : String(b) });
            else if (kind === 'group') facts.groups.push(String(a));
            else facts.grants.push({ type: String(a), id: String(b), action: String(c) });
          }
          return facts;
        },
        () => builtInPolicy.factsOf(userId),
      ),
  };
}

/** Everything about a user in one round trip. */
const factsStatement = (t: (name: string) => string): string =>
  `select 'role' as kind, role as a, company_id as b, '' as c from ${t('user_role')} where user_id = ?
   union all select 'group', group_id, '', '' from ${t('group_member')} where user_id = ?
   union all select 'grant', resource_type, resource_id, action from ${t('resource_grant')} where grantee_kind = 'user' and grantee_id = ?
   union all select 'grant', g.resource_type, g.resource_id, g.action from ${t('resource_grant')} g
     join ${t('group_member')} m on m.group_id = g.grantee_id where g.grantee_kind = 'group' and m.user_id = ?`;

/** Nothing for a reach of a later release: not knowing it must not allow more. */
function toRule(row: Row): PolicyRule[] {
  const reach = reaches.find((one) => one === row['reach']);
  if (reach === undefined) return [];
  return [{ role: String(row['role_name']), type: String(row['resource_type']), action: String(row['action']), reach }];
}

function toChange(row: Row): PolicyChange {
  const kind = row['kind'];
  return kind === 'user' || kind === 'group' ? { kind, id: String(row['subject_id']) } : { kind: 'rules' };
}

/** By name and code, since shared/auth knows no drivers: MikroORM's exception, PostgreSQL's undefined_table, MySQL's error 1146. */
function isMissingTable(error: unknown): boolean {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    if (current.name === 'TableNotFoundException' || ['42P01', 'ER_NO_SUCH_TABLE'].includes(String((current as { code?: unknown }).code)))
      return true;
  }
  return false;
}
