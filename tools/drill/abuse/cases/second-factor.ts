import type { AbuseCase } from '../abuse-case.ts';
import type { Finding } from '../finding.ts';
import type { AttackClient, Reply } from '../attack/client.ts';
import { eachOf, refused, summaryOf, valueAt } from '../attack/expect.ts';
import type { Person } from '../attack/people.ts';
import type { Target } from '../attack/target.ts';
import { totpCode, wrongCode } from '../attack/totp.ts';

const LOGIN =
  'mutation ($input: LoginInput!) { login(input: $input) { ... on SecondFactorRequired { challenge } ... on LoginPayload { accessToken } } }';
const COMPLETE = 'mutation ($input: CompleteLoginInput!) { completeLogin(input: $input) { accessToken } }';
const THROTTLED = ['ACCOUNT_LOCKED', 'RATE_LIMITED', 'INVALID_TOKEN'];
const GUESSES = 12;
/** A challenge takes five codes, an account some attempts before it has to wait. */
const MOST_LOOKED_AT = 8;

interface Guarded extends Person {
  readonly secret: string;
  readonly recoveryCodes: readonly string[];
}

/** Somebody with an authenticator. @throws Error when it cannot be set up */
async function joinWithFactor(target: Target, name: string): Promise<Guarded> {
  const { client, people, tag } = target;
  const person = await people.join(`${tag} ${name}`);
  const begun = await client.graphql({
    query: 'mutation ($input: BeginTotpInput!) { beginTotp(input: $input) { secret } }',
    variables: { input: { password: person.password } },
    token: person.accessToken,
  });
  const secret = valueAt(begun.data, 'beginTotp.secret');
  if (typeof secret !== 'string') throw new Error(`No second factor could be begun: ${summaryOf(begun)}`);
  const confirmed = await client.graphql({
    query: 'mutation ($input: ConfirmTotpInput!) { confirmTotp(input: $input) { recoveryCodes } }',
    variables: { input: { code: totpCode(secret) } },
    token: person.accessToken,
  });
  const recoveryCodes = valueAt(confirmed.data, 'confirmTotp.recoveryCodes');
  if (!Array.isArray(recoveryCodes)) throw new Error(`The second factor could not be confirmed: ${summaryOf(confirmed)}`);
  return { ...person, secret, recoveryCodes: recoveryCodes as string[] };
}

async function challengeOf(client: AttackClient, { email, password }: Person): Promise<string> {
  const reply = await client.graphql({ query: LOGIN, variables: { input: { email, password } } });
  const challenge = valueAt(reply.data, 'login.challenge');
  if (typeof challenge !== 'string') throw new Error(`The login asked for no second factor: ${summaryOf(reply)}`);
  return challenge;
}

const complete = (client: AttackClient, challenge: string, code: string): Promise<Reply> =>
  client.graphql({ query: COMPLETE, variables: { input: { challenge, code } } });

/** Signs in with a recovery code: codes of the authenticator count once, and the one of now is used. */
async function control(target: Target): Promise<Finding> {
  const person = await joinWithFactor(target, 'control');
  const challenge = await challengeOf(target.client, person);
  const reply = await complete(target.client, challenge, person.recoveryCodes[0] ?? '');
  return valueAt(reply.data, 'completeLogin.accessToken') === undefined ? `a recovery code is refused: ${summaryOf(reply)}` : undefined;
}

const factorCase = (one: Omit<AbuseCase, 'control' | 'repeats'>): AbuseCase => ({ ...one, control, repeats: false });

export const secondFactorCases: readonly AbuseCase[] = [
  factorCase({
    name: 'second-factor-guessed',
    from: ['CWE-307', 'OWASP ASVS 6.6.3', 'graphql-armor #468'],
    tries:
      'codes one after another with the right password, on one challenge and on new ones, from ever new addresses: a few are looked at, then even the right one is refused',
    async attack(target) {
      const person = await joinWithFactor(target, 'victim');
      let challenge = await challengeOf(target.newClient(), person);
      let looked = 0;
      for (let guess = 0; guess < GUESSES; guess++) {
        const client = target.newClient();
        const reply = await complete(client, challenge, wrongCode(person.secret, guess));
        if (refused(reply, ['INVALID_CREDENTIALS']) === undefined) looked++;
        else if (refused(reply, THROTTLED) !== undefined) return summaryOf(reply);
        else {
          const again = await client.graphql({ query: LOGIN, variables: { input: { email: person.email, password: person.password } } });
          const next = valueAt(again.data, 'login.challenge');
          if (typeof next === 'string') challenge = next;
        }
      }
      if (looked > MOST_LOOKED_AT) return `${looked} of ${GUESSES} codes were looked at`;
      return refused(await complete(target.newClient(), challenge, totpCode(person.secret, 1)), THROTTLED);
    },
  }),
  factorCase({
    name: 'second-factor-guessed-at-once',
    from: ['CWE-362', 'CWE-307'],
    tries: 'forty codes at once on one challenge, so that the count comes too late: it does not',
    async attack(target) {
      const person = await joinWithFactor(target, 'victim');
      const challenge = await challengeOf(target.newClient(), person);
      const replies = await Promise.all(
        Array.from({ length: 40 }, (_, index) => complete(target.newClient(), challenge, wrongCode(person.secret, index))),
      );
      const looked = replies.filter((reply) => refused(reply, ['INVALID_CREDENTIALS']) === undefined).length;
      const odd = replies.find((reply) => refused(reply, ['INVALID_CREDENTIALS', ...THROTTLED]) !== undefined);
      return (odd && summaryOf(odd)) ?? (looked > MOST_LOOKED_AT ? `${looked} of 40 codes were looked at` : undefined);
    },
  }),
  factorCase({
    name: 'second-factor-code-replayed',
    from: ['RFC 6238 §5.2', 'CWE-294'],
    tries: 'a code that signed in, or a recovery code, a second time; the challenge a second time: refused',
    async attack(target) {
      const person = await joinWithFactor(target, 'victim');
      const { client } = target;
      const [recovery = ''] = person.recoveryCodes;
      const challenge = await challengeOf(client, person);
      // The code of now has confirmed the factor.
      const used = refused(await complete(client, challenge, totpCode(person.secret)), ['INVALID_CREDENTIALS']);
      const signedIn = await complete(client, challenge, recovery);
      if (valueAt(signedIn.data, 'completeLogin.accessToken') === undefined) return `the recovery code is refused: ${summaryOf(signedIn)}`;
      const sameChallenge = refused(await complete(client, challenge, person.recoveryCodes[1] ?? ''), ['INVALID_TOKEN']);
      const sameCode = refused(await complete(client, await challengeOf(client, person), recovery), ['INVALID_CREDENTIALS']);
      return used ?? sameChallenge ?? sameCode;
    },
  }),
  factorCase({
    name: 'second-factor-passed-by',
    from: ['CWE-288', 'OWASP WSTG: multi-factor'],
    tries:
      'a challenge as an access or refresh token, another user’s challenge or code, turning the factor off without a code, beginning another without the password; refused',
    async attack(target) {
      const { client } = target;
      const person = await joinWithFactor(target, 'victim');
      const other = await joinWithFactor(target, 'thief');
      const challenge = await challengeOf(client, person);
      const asToken = refused(await client.graphql({ query: '{ sessions { id } }', token: challenge }), ['UNAUTHENTICATED'], 401);
      const asRefresh = refused(
        await client.graphql({
          query: 'mutation ($t: String!) { refresh(refreshToken: $t) { accessToken } }',
          variables: { t: challenge },
        }),
        ['INVALID_TOKEN'],
      );
      const withOther = refused(await complete(client, challenge, other.recoveryCodes[0] ?? ''), ['INVALID_CREDENTIALS']);
      const off = await eachOf(
        { empty: '', wrong: wrongCode(person.secret, 3), 'of another': other.recoveryCodes[1] ?? '' },
        async (code) =>
          refused(
            await client.graphql({
              query: 'mutation ($input: SecondFactorCodeInput!) { disableTotp(input: $input) { disabled } }',
              variables: { input: { code } },
              token: person.accessToken,
            }),
            ['INVALID_CREDENTIALS', 'BAD_USER_INPUT', ...THROTTLED],
          ),
      );
      const begun = refused(
        await client.graphql({
          query: 'mutation ($input: BeginTotpInput!) { beginTotp(input: $input) { secret } }',
          variables: { input: { password: 'a wrong but long password' } },
          token: person.accessToken,
        }),
        ['INVALID_CREDENTIALS', 'CONFLICT', ...THROTTLED],
      );
      return asToken ?? asRefresh ?? withOther ?? off ?? begun;
    },
  }),
];
