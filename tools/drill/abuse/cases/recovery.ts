import { setTimeout as sleep } from 'node:timers/promises';
import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import { codeOf, eachOf, passes, refused, summaryOf, valueAt } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';

const RESET = 'mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { user { id } } }';
const REQUEST = 'mutation ($email: String!) { requestPasswordReset(email: $email) { email } }';
const VERIFY = 'mutation ($token: String!) { verifyEmail(token: $token) { user { id } } }';
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { email } }';
const NEW_PASSWORD = 'a new and long password';
/** Mails leave after the answer; one that is not to come needs as long. */
const MAIL_MS = 400;

/** Somebody forgets their password and sets another. */
async function control({ client, people, tag }: Target): Promise<Finding> {
  const { email } = await people.register(`${tag} control`);
  await client.graphql({ query: REQUEST, variables: { email } });
  const { token } = await people.awaitMail(email, 'reset-password');
  const finding = passes(
    await client.graphql({ query: RESET, variables: { input: { token, newPassword: NEW_PASSWORD } } }),
    'resetPassword.user.id',
  );
  if (finding !== undefined) return finding;
  await people.signIn(email, NEW_PASSWORD);
  return undefined;
}

const recoveryCase = (one: Omit<AbuseCase, 'control' | 'repeats'>): AbuseCase => ({ ...one, control, repeats: false });

export const recoveryCases: readonly AbuseCase[] = [
  recoveryCase({
    name: 'reset-token-used-again',
    from: ['OWASP WSTG: password reset', 'CWE-640'],
    tries: 'a reset token a second time, an older one after a newer was asked for, one that is guessed or of another kind; refused',
    async attack({ client, people, tag }) {
      const { email } = await people.register(`${tag} victim`);
      await client.graphql({ query: REQUEST, variables: { email } });
      const first = (await people.awaitMail(email, 'reset-password')).token ?? '';
      const verification = (await people.awaitMail(email, 'verify-email')).token ?? '';
      const reset = (token: string) => client.graphql({ query: RESET, variables: { input: { token, newPassword: NEW_PASSWORD } } });
      const before = await eachOf({ verification, cut: first.slice(0, -1), empty: '', guessed: 'A'.repeat(43) }, async (token) =>
        refused(await reset(token), ['INVALID_TOKEN', 'BAD_USER_INPUT']),
      );
      if (before !== undefined) return before;
      const used = await reset(first);
      if (used.data?.['resetPassword'] == null) return `the genuine token is refused: ${summaryOf(used)}`;
      return refused(await reset(first), ['INVALID_TOKEN']);
    },
  }),
  recoveryCase({
    name: 'reset-link-to-another-site',
    from: ['CWE-640', 'CWE-601', 'PortSwigger: password reset poisoning'],
    tries: 'a reset asked for with Host, X-Forwarded-Host, Origin and Referer of another site: the mail names no such site',
    async attack({ client, people, tag, listener }) {
      const { email } = await people.register(`${tag} victim`);
      const evil = `evil-${tag.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}.example`;
      const headers = {
        host: evil,
        'x-forwarded-host': evil,
        'x-forwarded-proto': 'https',
        forwarded: `host=${evil};proto=https`,
        origin: `https://${evil}`,
        referer: `https://${evil}/`,
        'x-original-host': evil,
      };
      await client.graphql({ query: REQUEST, variables: { email }, headers });
      const { text } = await people.awaitMail(email, 'reset-password');
      if (text.includes(evil)) return `the mail leads to ${evil}`;
      const extra = await client.graphql({
        query: `mutation ($email: String!) { requestPasswordReset(email: $email, redirectUrl: "${listener.url}") { email } }`,
        variables: { email },
      });
      return refused(extra, ['GRAPHQL_VALIDATION_FAILED']);
    },
  }),
  recoveryCase({
    name: 'reset-for-a-look-alike',
    from: ['CVE-2024-27295', 'GHSA-qw9g-7549-7wg5', 'CVE-2019-19844'],
    tries:
      'a reset for an address that a database takes for another one (accents, other alphabets, blanks, comments): no mail to the address we gave',
    async attack({ client, people, tag }) {
      const { email } = await people.register(`${tag} victim`);
      const [name = '', domain = ''] = email.split('@');
      const lookAlikes = [
        email.replace('a', 'á'),
        email.replace('a', 'а'), // Cyrillic
        email.replace('i', 'ı'),
        `${name}@${domain.replace('e', 'é')}`,
        `${name} @${domain}`,
        `${name}+x@${domain}`,
        `${email}\u0000`,
        `${email}%0a`,
        `${email},thief@evil.example`,
        `thief@evil.example,${email}`,
        `${email}\r\nBcc: thief@evil.example`,
      ];
      for (const given of lookAlikes) {
        const reply = await client.graphql({ query: REQUEST, variables: { email: given } });
        if (reply.status >= 500 || codeOf(reply) === 'INTERNAL_SERVER_ERROR') return `${JSON.stringify(given)}: ${summaryOf(reply)}`;
      }
      const asList = await client.graphql({
        query: 'mutation ($email: [String!]!) { requestPasswordReset(email: $email) { email } }',
        variables: { email: [email, 'thief@evil.example'] },
      });
      await sleep(MAIL_MS);
      const wrong = (await people.mails()).filter(({ to, kind }) => kind === 'reset-password' && to !== email && lookAlikes.includes(to));
      const thief = (await people.mails()).filter(({ to }) => to.includes('evil.example'));
      if (wrong.length + thief.length > 0) return `mails went to ${[...wrong, ...thief].map(({ to }) => to).join(', ')}`;
      return refused(asList, ['GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']);
    },
  }),
  recoveryCase({
    name: 'mail-with-headers-of-our-own',
    from: ['CWE-93', 'OWASP GraphQL: CRLF injection'],
    tries: 'line ends, further recipients and markup in addresses and names that mails are made of: refused, or text like any other',
    async attack({ client, people, tag }) {
      const register = (email: string, displayName?: string) =>
        client.graphql({
          query: REGISTER,
          variables: { input: { email, password: NEW_PASSWORD, ...(displayName === undefined ? {} : { displayName }) } },
        });
      const addresses = [
        'a@b.example\r\nBcc: thief@evil.example',
        'a@b.example\nx',
        '"a\r\n"@b.example',
        'a@b.example>',
        '<a@b.example',
        'a@b.example, c@d.example',
        'a b@c.example',
        '@',
        'a@',
        `a@${'x'.repeat(300)}.example`,
      ];
      const finding = await eachOf(Object.fromEntries(addresses.map((email) => [JSON.stringify(email), email])), async (email) =>
        refused(await register(email), ['BAD_USER_INPUT']),
      );
      if (finding !== undefined) return finding;
      const named = await register(
        `${tag}-n@abuse.example`.toLowerCase(),
        'Eve\r\nBcc: thief@evil.example\r\n\r\nYour account is locked: https://evil.example',
      );
      await sleep(MAIL_MS);
      const evil = (await people.mails()).find(({ to, text }) => to.includes('evil') || text.includes('evil.example'));
      return evil === undefined ? refused(named, ['BAD_USER_INPUT']) : `a mail was changed: ${JSON.stringify(evil).slice(0, 300)}`;
    },
  }),
  recoveryCase({
    name: 'registration-before-the-owner',
    from: ['CWE-287', 'Microsoft: account pre-hijacking'],
    tries:
      "an account made with somebody else's address and our password, before the owner registers and confirms: our password does not open it then",
    async attack({ client, newClient, people, tag }) {
      const email = `${tag}-pre@abuse.example`.toLowerCase().replaceAll(/[^a-z0-9@.-]/g, '-');
      const register = (password: string) => client.graphql({ query: REGISTER, variables: { input: { email, password } } });
      await register('the password of the thief');
      await people.awaitMail(email, 'verify-email');
      await register('the password of the owner');
      await sleep(MAIL_MS);
      const own = (await people.mailsTo(email)).findLast(({ kind }) => kind === 'verify-email');
      const verified = await client.graphql({ query: VERIFY, variables: { token: own?.token ?? '' } });
      if (valueAt(verified.data, 'verifyEmail.user.id') === undefined) return `the owner cannot confirm: ${summaryOf(verified)}`;
      await people.signIn(email, 'the password of the owner');
      const thief = await newClient().graphql({
        query: 'mutation ($input: LoginInput!) { login(input: $input) { ... on LoginPayload { accessToken } } }',
        variables: { input: { email, password: 'the password of the thief' } },
      });
      return refused(thief, ['INVALID_CREDENTIALS']);
    },
  }),
  recoveryCase({
    name: 'mails-without-end',
    from: ['CWE-770', 'OWASP API4:2023', 'CWE-799'],
    tries: 'two hundred resets for one address in a row: it does not get two hundred mails',
    async attack({ newClient, people, tag }) {
      const { email } = await people.register(`${tag} victim`);
      const replies = await Promise.all(Array.from({ length: 60 }, () => newClient().graphql({ query: REQUEST, variables: { email } })));
      const failed = replies.find(({ status }) => status >= 500);
      if (failed) return summaryOf(failed);
      await sleep(MAIL_MS);
      const count = (await people.mailsTo(email)).filter(({ kind }) => kind === 'reset-password').length;
      return count > 10 ? `${count} mails were sent` : undefined;
    },
  }),
];
