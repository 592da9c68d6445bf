import { ANY, EVERYONE, type PolicyRule, type Reach } from './policy.js';

/** Where a role can be held: everywhere, or for a company. */
export type RoleScope = 'global' | 'company';

export interface BuiltInRole {
  readonly name: string;
  readonly scope: RoleScope;
  /** What people call it. */
  readonly title: string;
  readonly doc: string;
  readonly rules: readonly PolicyRule[];
}

type Permissions = Readonly<Record<string, readonly string[]>>;

const rulesOf = (role: string, reach: Reach, permissions: Permissions): PolicyRule[] =>
  Object.entries(permissions).flatMap(([type, actions]) => actions.map((action) => ({ role, type, action, reach })));

const merged = (...parts: readonly Permissions[]): Permissions => {
  const all: Record<string, string[]> = {};
  for (const part of parts)
    for (const [type, actions] of Object.entries(part)) all[type] = [...new Set([...(all[type] ?? []), ...actions])];
  return all;
};

const viewer: Permissions = { company: ['read'], department: ['read'], job: ['read'] };
const recruiter = merged(viewer, { job: ['create', 'update', 'publish'], application: ['read', 'update'] });
const hr = merged(recruiter, {
  job: ['delete'],
  application: ['delete'],
  department: ['create', 'update', 'delete'],
  membership: ['read'],
  group: ['read'],
});
const companyAdmin = merged(hr, {
  company: ['update'],
  membership: ['assign', 'remove'],
  group: ['create', 'update', 'delete'],
});
const owner = merged(companyAdmin, { company: ['delete', 'transfer'] });

const companyRole = (name: string, title: string, doc: string, permissions: Permissions): BuiltInRole => ({
  name,
  scope: 'company',
  title,
  doc,
  rules: rulesOf(name, 'any', permissions),
});

/**
 * The roles every installation has; their permissions come with the product and cannot be edited. Company roles are each a superset of the
 * next one, so that nobody can hand out more than they hold.
 */
export const builtInRoles: readonly BuiltInRole[] = [
  {
    name: 'admin',
    scope: 'global',
    title: 'Administrator',
    doc: 'Operators of the installation: everything, everywhere.',
    rules: rulesOf('admin', 'any', { [ANY]: [ANY] }),
  },
  {
    name: EVERYONE,
    scope: 'global',
    title: 'User',
    doc: 'Everyone who is signed in; it is never assigned.',
    rules: [
      ...rulesOf(EVERYONE, 'any', {
        role: ['read'],
        template: ['create', 'rate', 'use'],
        company: ['create'],
        resume: ['create'],
        'api-key': ['create'],
      }),
      ...rulesOf(EVERYONE, 'own', {
        template: ['read', 'update', 'delete'],
        user: ['read', 'update', 'export'],
        session: ['read', 'revoke'],
        'api-key': ['read', 'revoke'],
        membership: ['read', 'remove'],
        resume: ['read', 'update', 'delete', 'backup'],
        'resume-suggestion': ['read', 'rate'],
      }),
      ...rulesOf(EVERYONE, 'group', { group: ['read'], resume: ['read'] }),
    ],
  },
  companyRole('owner', 'Owner', 'Owns the company: everything in it, closing it and giving it away included.', owner),
  companyRole('company-admin', 'Company administrator', 'Runs the company: members, departments and all that hr may.', companyAdmin),
  companyRole('hr', 'Human resources', 'Human resources: departments, jobs and applications.', hr),
  companyRole('recruiter', 'Recruiter', 'Recruits: jobs and applications.', recruiter),
  companyRole('viewer', 'Viewer', 'Looks: the company, its departments and its jobs.', viewer),
];

export const builtInRules: readonly PolicyRule[] = builtInRoles.flatMap(({ rules }) => rules);

/** The role of a company's first member and of who may hand out every other. */
export const COMPANY_OWNER = 'owner';
