import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import type { AttackClient, Reply } from '../attack/client.ts';
import { codeOf, eachOf, refused, summaryOf, TOO_MUCH, valueAt } from '../attack/expect.ts';
import type { Target } from '../attack/target.ts';

/** More attempts on one account than this, whichever way they come, are not let through at once. */
const MOST_ATTEMPTS = 10;
const LOGIN =
  'mutation ($input: LoginInput!) { login(input: $input) { ... on LoginPayload { accessToken } ... on SecondFactorRequired { challenge } } }';
const THROTTLED = ['ACCOUNT_LOCKED', 'RATE_LIMITED'];

const logIn = (client: AttackClient, email: string, password: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> =>
  client.graphql({ query: LOGIN, variables: { input: { email, password } }, headers });

/** Somebody mistypes once, then signs in. */
async function control({ client, people, tag }: Target): Promise<Finding> {
  const { email, password } = await people.register(`${tag} control`);
  const wrong = refused(await logIn(client, email, 'a wrong but long password'), ['INVALID_CREDENTIALS']);
  if (wrong !== undefined) return wrong;
  const right = await logIn(client, email, password);
  return valueAt(right.data, 'login.accessToken') === undefined ? `the right password is refused: ${summaryOf(right)}` : undefined;
}

/** Of many wrong passwords only a few were looked at, and the right one among them came too late. */
function judgeGuesses(replies: readonly Reply[], last: Reply): Finding {
  const looked = replies.filter((reply) => codeOf(reply) === 'INVALID_CREDENTIALS').length;
  const odd = replies.find((reply) => ![...THROTTLED, 'INVALID_CREDENTIALS'].includes(codeOf(reply) ?? ''));
  if (odd) return summaryOf(odd);
  if (looked > MOST_ATTEMPTS) return `${looked} of ${replies.length} passwords were looked at`;
  return refused(last, THROTTLED);
}

const passwordCase = (one: Omit<AbuseCase, 'control' | 'repeats'>): AbuseCase => ({ ...one, control, repeats: false });

export const passwordCases: readonly AbuseCase[] = [
  passwordCase({
    name: 'login-guessed-by-aliases',
    from: ['OWASP GraphQL: batching attacks', 'graphql-armor #468', 'CWE-307'],
    tries:
      'forty passwords in one request, each under an alias, the right one last: refused as a whole, or after a few; nobody is signed in',
    async attack({ client, people, tag }) {
      const { email, password } = await people.register(`${tag} victim`);
      const guesses = [...Array.from({ length: 39 }, (_, index) => `a wrong password ${index}`), password];
      const aliases = guesses.map(
        (_, index) => `a${index}: login(input: { email: $email, password: $p${index} }) { ... on LoginPayload { accessToken } }`,
      );
      const query = `mutation ($email: String!, ${guesses.map((_, index) => `$p${index}: String!`).join(' ')}) { ${aliases.join(' ')} }`;
      const variables = { email, ...Object.fromEntries(guesses.map((guess, index) => [`p${index}`, guess])) };
      const reply = await client.graphql({ query, variables });
      if (reply.text.includes('accessToken":"')) return 'one of the forty signed in';
      const looked = reply.errors.filter(({ extensions }) => extensions?.code === 'INVALID_CREDENTIALS').length;
      if (looked > MOST_ATTEMPTS) return `${looked} passwords were looked at`;
      return reply.status === 200 ? undefined : refused(reply, [...TOO_MUCH, ...THROTTLED]);
    },
  }),
  passwordCase({
    name: 'login-guessed-by-a-batch',
    from: ['OWASP GraphQL: batching attacks', 'CVE-2026-33756', 'CWE-307'],
    tries: 'the same as an array of operations in one request; refused as a whole',
    async attack({ client, people, tag }) {
      const { email, password } = await people.register(`${tag} victim`);
      const guesses = [...Array.from({ length: 39 }, (_, index) => `a wrong password ${index}`), password];
      const body = JSON.stringify(guesses.map((guess) => ({ query: LOGIN, variables: { input: { email, password: guess } } })));
      const reply = await client.send({ headers: { 'content-type': 'application/json' }, body });
      return reply.text.includes('accessToken":"') ? 'one of the forty signed in' : refused(reply, ['BAD_REQUEST']);
    },
  }),
  passwordCase({
    name: 'login-guessed-at-once',
    from: ['CWE-307', 'CWE-362', 'OWASP ASVS 6.3.1'],
    tries:
      'forty requests at once on one account, from forty addresses: a few are looked at, then the account waits, even for the right password',
    async attack({ newClient, people, tag }) {
      const { email, password } = await people.register(`${tag} victim`);
      const replies = await Promise.all(Array.from({ length: 40 }, (_, index) => logIn(newClient(), email, `a wrong password ${index}`)));
      return judgeGuesses(replies, await logIn(newClient(), email, password));
    },
  }),
  passwordCase({
    name: 'login-guessed-under-other-spellings',
    from: ['CWE-307', 'CWE-178'],
    tries: 'one account under many spellings of its address (case, blanks, full-width letters), so that each is counted apart',
    async attack({ newClient, people, tag }) {
      const { email, password } = await people.register(`${tag} victim`);
      const spell = [
        (text: string) => text.toUpperCase(),
        (text: string) => ` ${text}\t`,
        (text: string) => [...text].map((letter, index) => (index % 2 === 0 ? letter.toUpperCase() : letter)).join(''),
        (text: string) => text.replace('a', 'ａ'),
      ];
      const replies: Reply[] = [];
      for (let index = 0; index < 24; index++) {
        const spelling = spell[index % spell.length]?.(email) ?? email;
        replies.push(await logIn(newClient(), spelling, `a wrong password ${index}`));
      }
      return judgeGuesses(replies, await logIn(newClient(), email, password));
    },
  }),
  passwordCase({
    name: 'login-sprayed-from-one-address',
    from: ['CWE-307', 'OWASP: password spraying'],
    tries:
      'one password on sixty accounts from one address, which says in headers that it is another one each time; the address has to wait',
    async attack({ client, tag }) {
      const replies: Reply[] = [];
      for (let index = 0; index < 60; index++) {
        const address = `203.0.113.${index}`;
        const headers = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` };
        replies.push(await logIn(client, `${tag}-${index}@abuse.example`.toLowerCase(), 'summer of 2026!', headers));
      }
      const looked = replies.filter((reply) => codeOf(reply) === 'INVALID_CREDENTIALS').length;
      return looked > 40 ? `${looked} of 60 accounts could be tried` : refused(replies.at(-1) as Reply, THROTTLED);
    },
  }),
  passwordCase({
    name: 'password-of-a-megabyte',
    from: ['CVE-2013-1443', 'CWE-400'],
    tries:
      'passwords of 900 kB, of combining marks, of null bytes, to register and to sign in: refused before they are hashed, in a second',
    async attack({ client, people, tag }) {
      const { email } = await people.register(`${tag} victim`);
      const passwords = {
        long: 'x'.repeat(900_000),
        marks: `e${'\u0301'.repeat(400_000)}`,
        expanding: 'ﷺ'.repeat(200_000),
        empty: '',
        null: 'x\u0000'.repeat(20),
      };
      return eachOf(passwords, async (password, name) => {
        const register = await client.graphql({
          query: 'mutation ($input: RegisterInput!) { register(input: $input) { email } }',
          variables: { input: { email: `${tag}-${name}@abuse.example`.toLowerCase(), password } },
        });
        const login = await logIn(client, email, password);
        if (register.durationMs > 1_000 || login.durationMs > 1_500)
          return `it took ${register.durationMs.toFixed(0)} and ${login.durationMs.toFixed(0)} ms`;
        const finding = refused(login, ['INVALID_CREDENTIALS', 'BAD_USER_INPUT', ...THROTTLED, ...TOO_MUCH]);
        return finding ?? (name === 'null' ? undefined : refused(register, ['BAD_USER_INPUT', ...TOO_MUCH]));
      });
    },
  }),
  passwordCase({
    name: 'password-everybody-has',
    from: ['OWASP ASVS 6.2.4', 'NIST SP 800-63B §3.1.1'],
    tries: 'passwords that are too short, are the address, or a part of it; refused',
    attack: ({ client, tag }) =>
      eachOf({ short: 'abc', eight: '12345678', address: `${tag}@abuse.example`.toLowerCase(), blanks: '   ' }, async (password) =>
        refused(
          await client.graphql({
            query: 'mutation ($input: RegisterInput!) { register(input: $input) { email } }',
            variables: { input: { email: `${tag}@abuse.example`.toLowerCase(), password } },
          }),
          ['BAD_USER_INPUT'],
        ),
      ),
  }),
];
