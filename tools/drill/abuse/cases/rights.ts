import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { codeOf, eachOf, NOT_ALLOWED, passes, refused, summaryOf, valueAt } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';
import { harmlessOperation } from './string-arguments.ts';

/** Commands and reads of administrators in the accounts subgraph. */
const ADMIN_FIELDS = {
  query: ['users', 'auditLog', 'verifyAuditLog', 'grants'],
  mutation: [
    'disableUser',
    'enableUser',
    'assignRole',
    'removeRole',
    'unlockUser',
    'resetSecondFactor',
    'createRole',
    'updateRole',
    'deleteRole',
    'grantAccess',
    'revokeAccess',
    'createGroup',
    'rotateSigningKeys',
  ],
} as const;

/** Fields of the signed-in user, for nobody. */
const OWN_FIELDS = {
  query: ['sessions', 'apiKeys', 'roles', 'groups'],
  mutation: ['logout', 'logoutEverywhere', 'revokeSession', 'changePassword', 'updateProfile', 'beginTotp', 'createApiKey', 'revokeApiKey'],
} as const;

const control = async ({ client, people }: Target): Promise<Finding> =>
  passes(
    await client.graphql({ query: '{ users(first: 1) { nodes { id email } } me { id email } }', token: people.administrator.accessToken }),
    'users.nodes.0',
    'me.id',
  );

const rightsCase = (one: Omit<AbuseCase, 'control' | 'repeats'>): AbuseCase => ({ ...one, control, repeats: false });

/** Each field with harmless arguments, by somebody who may not. @throws Error for a field that is not there: nothing would be shown */
async function refuseEach(
  { schema, newClient }: Target,
  fields: Readonly<Record<'query' | 'mutation', readonly string[]>>,
  token: string | undefined,
  codes: readonly string[],
): Promise<Finding> {
  for (const kind of ['query', 'mutation'] as const) {
    for (const field of fields[kind]) {
      const finding = refused(await newClient().graphql({ ...harmlessOperation(schema, kind, field), token }), codes);
      if (finding !== undefined) return `${field}: ${finding}`;
    }
  }
  return undefined;
}

export const rightsCases: readonly AbuseCase[] = [
  rightsCase({
    name: 'accounts-commands-by-users',
    from: ['OWASP API5:2023', 'CWE-862'],
    tries:
      'every command and list of administrators over users, roles, keys and the audit log, by a user who signed in and by nobody; refused',
    async attack(target) {
      const { accessToken } = await target.people.join(`${target.tag} user`);
      return (
        (await refuseEach(target, ADMIN_FIELDS, accessToken, ['FORBIDDEN'])) ??
        refuseEach(target, ADMIN_FIELDS, undefined, ['UNAUTHENTICATED'])
      );
    },
  }),
  rightsCase({
    name: 'own-fields-by-nobody',
    from: ['OWASP API2:2023', 'CWE-306'],
    tries: 'what belongs to whoever signed in (profile, sessions, keys, second factor), by nobody; 401',
    attack: (target) => refuseEach(target, OWN_FIELDS, undefined, ['UNAUTHENTICATED']),
  }),
  rightsCase({
    name: 'roles-by-registration',
    from: ['OWASP API3:2023', 'CWE-915'],
    tries:
      'roles, verification, state and ids in the input of a registration: unknown fields, refused; and who registers has no role of an administrator',
    async attack({ client, people, tag, probe }) {
      const finding = await eachOf<Readonly<Record<string, unknown>>>(
        {
          roles: { roles: ['admin'] },
          role: { role: 'admin' },
          verified: { emailVerified: true },
          status: { status: 'ACTIVE' },
          id: { id: '1' },
          admin: { isAdmin: true },
          nested: { user: { roles: ['admin'] } },
        },
        async (extra) =>
          refused(
            await client.graphql({
              query: 'mutation ($input: RegisterInput!) { register(input: $input) { email } }',
              variables: { input: { email: `${tag}-mass@abuse.example`.toLowerCase(), password: 'a long enough password', ...extra } },
            }),
            ['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED'],
          ),
      );
      if (finding !== undefined) return finding;
      const { accessToken } = await people.join(`${tag} plain`);
      return refused(await client.graphql({ query: probe.query, token: accessToken }), ['FORBIDDEN']);
    },
  }),
  rightsCase({
    name: 'profile-of-another-user',
    from: ['OWASP API3:2023', 'CWE-915', 'CWE-639'],
    tries: "roles, address, state and another user's id in a change of one's own profile; refused as unknown",
    async attack({ client, people, tag }) {
      const { accessToken } = await people.join(`${tag} user`);
      const victim = people.administrator.userId;
      return eachOf<Readonly<Record<string, unknown>>>(
        {
          roles: { roles: ['admin'] },
          email: { email: 'x@y.example' },
          id: { id: victim },
          user: { userId: victim },
          status: { status: 'DISABLED' },
          verified: { emailVerified: true },
        },
        async (extra) =>
          refused(
            await client.graphql({
              query: 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }',
              variables: { input: { displayName: 'x', ...extra } },
              token: accessToken,
            }),
            ['BAD_USER_INPUT', 'GRAPHQL_VALIDATION_FAILED'],
          ),
      );
    },
  }),
  rightsCase({
    name: 'role-given-to-oneself',
    from: ['OWASP API5:2023', 'CWE-269'],
    tries:
      "a user's own promotion: by assignRole, by a role of one's own with all permissions, in one request with something harmless; refused",
    async attack(target) {
      const { client, people, tag, probe, schema } = target;
      const person = await people.join(`${tag} user`);
      const assign = harmlessOperation(schema, 'mutation', 'assignRole');
      const text = JSON.stringify(assign.variables);
      const variables = JSON.parse(
        text.replace(/"(userId|id)":"x"/, `"$1":"${person.userId}"`).replace(/"role":"x"/, '"role":"admin"'),
      ) as Record<string, unknown>;
      const reply = await client.graphql({ query: assign.query, variables, token: person.accessToken });
      const finding =
        refused(reply, ['FORBIDDEN']) ??
        refused(await client.graphql({ ...harmlessOperation(schema, 'mutation', 'createRole'), token: person.accessToken }), ['FORBIDDEN']);
      if (finding !== undefined) return finding;
      const again = await people.signIn(person.email, person.password);
      return refused(await client.graphql({ query: probe.query, token: again.accessToken }), ['FORBIDDEN']);
    },
  }),
  rightsCase({
    name: 'data-of-another-user',
    from: ['OWASP API1:2023', 'CWE-639', 'GDPR Art. 15, 17'],
    tries:
      "another user's data exported, their exports listed and fetched, their account erased, by a user; refused, and they are still there",
    async attack({ client, people, tag }) {
      const victim = await people.join(`${tag} victim`);
      const thief = await people.join(`${tag} thief`);
      const id = victim.userId;
      const own = await client.graphql({ query: 'mutation { exportUserData { export { id } } }', token: victim.accessToken });
      const exportId = String(valueAt(own.data, 'exportUserData.export.id'));
      const finding = await eachOf(
        {
          export: `mutation { exportUserData(userId: "${id}") { export { id } } }`,
          list: `{ userExports(userId: "${id}") { id } }`,
          fetch: `{ userExport(id: "${exportId}") { id downloadUrl } }`,
          erase: `mutation { eraseUser(input: { userId: "${id}", password: "${thief.password}" }) { erasedId } }`,
        },
        async (query) => refused(await client.graphql({ query, token: thief.accessToken }), ['FORBIDDEN', 'NOT_FOUND']),
      );
      return finding ?? passes(await client.graphql({ query: '{ me { id } }', token: victim.accessToken }), 'me.id');
    },
  }),
  rightsCase({
    name: 'permission-asked-for-another',
    from: ['CWE-200', 'OWASP API1:2023'],
    tries: "what another user may do, and one's own permissions under made-up actions: of oneself only, and no for what nobody defined",
    async attack({ client, people, tag }) {
      const { accessToken } = await people.join(`${tag} user`);
      for (const action of ['users:erase', 'everything', '*', '__proto__', "' OR 1=1 --", '']) {
        const reply = await client.graphql({
          query: 'query ($action: String!) { can(action: $action, resource: { type: "User" }) { allowed } }',
          variables: { action },
          token: accessToken,
        });
        if (reply.status >= 500 || codeOf(reply) === 'INTERNAL_SERVER_ERROR') return `${action}: ${summaryOf(reply)}`;
        if (valueAt(reply.data, 'can.allowed') === true || valueAt(reply.data, 'can') === true) return `${action}: allowed`;
      }
      return undefined;
    },
  }),
  rightsCase({
    name: 'audit-log-by-others',
    from: ['OWASP ASVS 16.4', 'CWE-532'],
    tries: 'the audit log, by users; and for administrators no password, token or key stands in it after logins, refusals and resets',
    async attack({ client, people, tag, schema }) {
      const person = await people.join(`${tag} user`);
      const read = harmlessOperation(schema, 'query', 'auditLog');
      const denied = refused(await client.graphql({ ...read, token: person.accessToken }), NOT_ALLOWED);
      if (denied !== undefined) return denied;
      const reply = await client.graphql({
        query: '{ auditLog(first: 100) { nodes { action outcome actorId address details { name value } } } }',
        token: people.administrator.accessToken,
      });
      if (codeOf(reply) !== undefined) return `the administrator cannot read it: ${summaryOf(reply)}`;
      const secrets = [person.password, person.accessToken, person.refreshToken, person.email];
      const found = secrets.find((secret) => reply.text.includes(secret));
      return found === undefined ? undefined : `it holds ${found.slice(0, 12)}…`;
    },
  }),
];
