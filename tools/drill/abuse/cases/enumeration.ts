import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import type { Reply } from '../attack/client.ts';
import { codeOf, refused, summaryOf } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';
import { percentile } from '../../../report/percentile.ts';

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { ... on LoginPayload { accessToken } } }';
const RESET = 'mutation ($email: String!) { requestPasswordReset(email: $email) { email } }';
const RESEND = 'mutation ($email: String!) { resendVerification(email: $email) { email } }';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { email } }';
const WRONG = 'a wrong but long password';

/** Pairs of one known and one unknown user; the throttle lets five attempts through for each account. */
const ACCOUNTS = 4;
const ATTEMPTS = 4;
/** Medians of two kinds of request that differ by less than the larger one of these are the same to somebody outside. */
const TOLERANCE_MS = 15;
const TOLERANCE_SHARE = 0.3;

/** Who has an account signs in. */
async function control({ people, tag }: Target): Promise<Finding> {
  await people.join(`${tag} control`);
  return undefined;
}

/** An answer without what differs by right: the address that was asked for, and the request's id. */
function shapeOf({ status, text, headers }: Reply, email: string): string {
  const body = text
    .replaceAll(email, '<email>')
    .replaceAll(/"requestId":"[^"]+"/g, '"requestId":"…"')
    .replaceAll(/\b\d+ s\b/g, '… s')
    .replaceAll(/"retryAfterSeconds":\d+/g, '"retryAfterSeconds":…');
  return `${status} ${headers['retry-after'] === undefined ? '' : 'retry-after '}${body}`;
}

async function compareAnswers(target: Target, known: string, ask: (email: string) => Promise<Reply>): Promise<Finding> {
  const unknown = `${target.tag}-nobody@abuse.example`.toLowerCase().replaceAll(/[^a-z0-9@.-]/g, '-');
  const [one, other] = [await ask(known), await ask(unknown)];
  const [shape, otherShape] = [shapeOf(one, known), shapeOf(other, unknown)];
  return shape === otherShape ? undefined : `known: ${shape}; unknown: ${otherShape}`;
}

/** Median times of the same request for users there are and for users there are not, asked in turns. */
async function compareTimes(target: Target, ask: (email: string) => Promise<Reply>): Promise<Finding> {
  const known: string[] = [];
  for (let index = 0; index < ACCOUNTS; index++) known.push((await target.people.register(`${target.tag} t${index}`)).email);
  const unknown = known.map((email) => email.replace('@', '-nobody@'));
  const times = { known: [] as number[], unknown: [] as number[] };
  await ask(`${target.tag}-warm@abuse.example`.toLowerCase().replaceAll(/[^a-z0-9@.-]/g, '-'));
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    for (let index = 0; index < ACCOUNTS; index++) {
      // The order changes, so that what comes first is not always the same.
      const order = (attempt + index) % 2 === 0 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const);
      for (const which of order) times[which].push((await ask((which === 'known' ? known : unknown)[index] ?? '')).durationMs);
    }
  }
  const [a, b] = [percentile(times.known, 0.5), percentile(times.unknown, 0.5)];
  const allowed = Math.max(TOLERANCE_MS, Math.min(a, b) * TOLERANCE_SHARE);
  return Math.abs(a - b) <= allowed ? undefined : `medians: ${a.toFixed(1)} ms for users there are, ${b.toFixed(1)} ms for others`;
}

const enumerationCase = (one: Omit<AbuseCase, 'control' | 'repeats'>): AbuseCase => ({ ...one, control, repeats: false });

export const enumerationCases: readonly AbuseCase[] = [
  enumerationCase({
    name: 'users-told-by-login',
    from: ['CWE-204', 'OWASP WSTG: account enumeration'],
    tries: 'a wrong password for a user there is and for one there is not: the same answer, also when both are locked',
    async attack(target) {
      const { email } = await target.people.register(`${target.tag} known`);
      const ask = (address: string) =>
        target.newClient().graphql({ query: LOGIN, variables: { input: { email: address, password: WRONG } } });
      for (let attempt = 0; attempt < 8; attempt++) {
        const finding = await compareAnswers(target, email, ask);
        if (finding !== undefined) return `attempt ${attempt + 1}: ${finding}`;
      }
      return refused(await ask(email), ['INVALID_CREDENTIALS', 'ACCOUNT_LOCKED', 'RATE_LIMITED']);
    },
  }),
  enumerationCase({
    name: 'users-told-by-mails',
    from: ['CWE-204', 'GHSA-jr94-gj3h-c8rf'],
    tries: 'a reset, another verification and a registration for an address there is and for one there is not: the same answers',
    async attack(target) {
      const { email } = await target.people.register(`${target.tag} known`);
      const { client } = target;
      const asks = {
        reset: (address: string) => client.graphql({ query: RESET, variables: { email: address } }),
        resend: (address: string) => client.graphql({ query: RESEND, variables: { email: address } }),
        register: (address: string) =>
          client.graphql({ query: REGISTER, variables: { input: { email: address, password: 'a long enough password' } } }),
      };
      for (const [name, ask] of Object.entries(asks)) {
        const finding = await compareAnswers(target, email, ask);
        if (finding !== undefined) return `${name}: ${finding}`;
      }
      return undefined;
    },
  }),
  enumerationCase({
    name: 'users-told-by-the-time-of-login',
    from: ['CWE-208', 'OWASP WSTG: account enumeration'],
    tries: `the time of a wrong password for users there are and others, ${ACCOUNTS * ATTEMPTS} times each: medians within ${TOLERANCE_MS} ms or ${TOLERANCE_SHARE * 100} %`,
    attack: (target) =>
      compareTimes(target, (email) => target.newClient().graphql({ query: LOGIN, variables: { input: { email, password: WRONG } } })),
  }),
  enumerationCase({
    name: 'users-told-by-the-time-of-a-reset',
    from: ['CWE-208', 'GHSA-jr94-gj3h-c8rf'],
    tries: 'the time of asking for a reset, compared in the same way',
    attack: (target) => compareTimes(target, (email) => target.newClient().graphql({ query: RESET, variables: { email } })),
  }),
  enumerationCase({
    name: 'users-told-by-ids',
    from: ['CWE-204', 'OWASP API1:2023'],
    tries: "other users' addresses, states and times by their ids, by a user and by nobody: null or refused, as for ids nobody has",
    async attack({ client, people, tag }) {
      const victim = await people.join(`${tag} victim`);
      const thief = await people.join(`${tag} thief`);
      const query = 'query ($id: ID!) { user(id: $id) { id email emailVerified status createdAt lastLoginAt } }';
      for (const token of [undefined, thief.accessToken]) {
        const reply = await client.graphql({ query, variables: { id: victim.userId }, token });
        if (reply.status >= 500) return summaryOf(reply);
        if (reply.text.includes(victim.email) || /"(status|lastLoginAt|createdAt)":"/.test(reply.text))
          return `it tells: ${reply.text.slice(0, 300)}`;
        const users = await client.graphql({
          query: `{ users(first: 5, filter: { search: "${victim.email}" }) { nodes { id email } totalCount } }`,
          token,
        });
        const finding = refused(users, ['FORBIDDEN', 'UNAUTHENTICATED']);
        if (finding !== undefined) return finding;
      }
      const admin = await client.graphql({ query, variables: { id: victim.userId }, token: people.administrator.accessToken });
      return codeOf(admin) === undefined && admin.text.includes(victim.email)
        ? undefined
        : `the administrator cannot see either: ${summaryOf(admin)}`;
    },
  }),
];
