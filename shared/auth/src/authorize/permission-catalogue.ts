/** A resource type and what can be done to it. */
export interface ResourceType {
  readonly doc: string;
  /** Whether its resources belong to a company, so that roles held for one can reach them. */
  readonly ofCompany: boolean;
  /** Action → what it allows. */
  readonly actions: Readonly<Record<string, string>>;
}

const installation = (doc: string, actions: Record<string, string>): ResourceType => ({ doc, ofCompany: false, actions });
const ofCompany = (doc: string, actions: Record<string, string>): ResourceType => ({ doc, ofCompany: true, actions });

/** Every permission there is, by resource type. A subgraph that asks for a new one adds it here; `docs/permissions.md` is about how. */
export const permissionCatalogue = {
  template: installation('A resume template, owned by its author.', {
    create: 'Make one.',
    read: 'Find inactive ones in lists; active ones are public.',
    update: 'Change it.',
    delete: 'Delete it with its ratings and uses.',
    import: 'Make and change many at once, whoever their authors are.',
    rate: 'Rate it, and take the rating back.',
    use: 'Record that one took it.',
  }),
  'template-category': installation('A category of templates.', {
    create: 'Make one.',
    update: 'Change it.',
    delete: 'Delete an empty one.',
  }),
  'template-cache': installation('Cached hot lists and suggestions.', { refresh: 'Drop them.' }),
  sync: installation('The sync engine.', {
    read: 'See projections, jobs and their figures.',
    command: 'Start and cancel checks, repairs, rebuilds and replays.',
  }),
  'dead-letter': installation('What the sync engine gave up.', { read: 'See them with their contents.', decide: 'Retry or discard them.' }),
  user: installation('An account, owned by its user.', {
    read: 'See profile, roles and sessions.',
    update: 'Change the profile.',
    disable: 'Disable and enable it.',
    recover: 'Unlock it, and turn its second factor off, for an owner who is locked out.',
    export: 'Export all that is kept about the user.',
    erase: 'Erase all that is kept about the user.',
  }),
  'signing-key': installation('The key that signs access tokens.', { rotate: 'Make another one sign.' }),
  session: installation('A session, owned by its user.', { read: 'See it.', revoke: 'End it.' }),
  'api-key': installation('A key of an integrator, owned by its user.', {
    create: 'Make one.',
    read: 'See all but the secret.',
    revoke: 'End it.',
  }),
  audit: installation('The audit log.', { read: 'Query it.', verify: 'Verify its chain.' }),
  role: installation('A role and its permissions.', {
    read: 'See it.',
    create: 'Make one.',
    update: 'Change one that is not built in.',
    delete: 'Delete one that is not built in.',
    assign: 'Give it to users globally, and take it away.',
  }),
  grant: installation('An action allowed on one resource.', { read: 'See it.', create: 'Allow it.', delete: 'Take it back.' }),
  group: ofCompany('A group of users, of a company or of the installation.', {
    read: 'See it with its members.',
    create: 'Make one.',
    update: 'Change it and its members.',
    delete: 'Delete it with its grants.',
  }),
  membership: ofCompany('A role that a user holds for a company.', {
    read: 'See who holds which role.',
    assign: "Give roles for the company, none above one's own.",
    remove: 'Take them away.',
  }),
  company: ofCompany('A company.', {
    create: 'Register one.',
    read: 'See what is not public about it.',
    update: 'Change it.',
    delete: 'Close it.',
    transfer: 'Give it another owner.',
    certify: 'Decide on its certification.',
  }),
  department: ofCompany('A department of a company.', { create: 'Make one.', read: 'See it.', update: 'Change it.', delete: 'Delete it.' }),
  job: ofCompany('A job of a company.', {
    create: 'Offer one.',
    read: 'See one that is not published.',
    update: 'Change it.',
    publish: 'Publish and withdraw it.',
    delete: 'Delete it.',
  }),
  application: ofCompany("A person's application for a job.", {
    read: 'See it with its resume.',
    update: 'Move it on, reject it, comment on it.',
    delete: 'Delete it.',
  }),
  resume: installation('A resume, owned by its person.', {
    create: 'Make one.',
    read: 'See it with its files.',
    update: 'Change it.',
    delete: 'Delete it with its files.',
    backup: 'Back it up with its files, and restore it.',
    check: 'Compare what the stores have of all resumes, and repair it.',
  }),
  'resume-suggestion': installation('What was said of a resume and a job, owned by who asked.', {
    read: 'See it.',
    rate: 'Say whether it helped.',
    report: 'See how much the suggestions of each analyser helped.',
  }),
} as const satisfies Record<string, ResourceType>;

export type PermissionCatalogue = Readonly<Record<string, ResourceType>>;

/** Whether the catalogue has the permission; `*` stands for every type or action. */
export function isPermission(type: string, action: string, catalogue: PermissionCatalogue = permissionCatalogue): boolean {
  if (type === '*') return action === '*' || Object.values(catalogue).some(({ actions }) => Object.hasOwn(actions, action));
  const known = Object.hasOwn(catalogue, type) ? catalogue[type] : undefined;
  return known !== undefined && (action === '*' || Object.hasOwn(known.actions, action));
}
