import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createAttackClient, type AttackClient, type Reply } from './client.ts';
import { codeOf, summaryOf, valueAt } from './expect.ts';
import { forgeToken, hs256, readToken } from './forge.ts';

/** Somebody with an account, signed in. */
export interface Person {
  readonly userId: string;
  readonly email: string;
  readonly password: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

/** A mail that left, as the outbox keeps it. */
export interface SentMail {
  readonly to: string;
  readonly kind: string;
  readonly text: string;
  readonly token?: string;
}

/** The accounts of the installation that is attacked. */
export interface People {
  readonly administrator: Person;
  /** What a token of the product's own says of the administrator: everything right but the signature. */
  readonly tokenClaims: Readonly<Record<string, unknown>>;
  /** An identity header somebody made who does not know the secret. */
  readonly forgedIdentity: string;
  /** Registers, confirms by mail, signs in; in a way no throttle counts against anybody else. */
  join(name: string): Promise<Person>;
  /** Registers and confirms, without signing in. */
  register(name: string): Promise<{ readonly email: string; readonly password: string }>;
  /** Signs in; from an address of its own where none is given. @throws Error when that is refused */
  signIn(email: string, password: string, client?: AttackClient): Promise<Person>;
  /** The mails to an address, oldest first. */
  mailsTo(email: string): Promise<readonly SentMail[]>;
  /** Every mail that the outbox still holds. */
  mails(): Promise<readonly SentMail[]>;
  /** Waits for a mail. @throws Error when none comes */
  awaitMail(email: string, kind: string): Promise<SentMail>;
  /** Waits until the token is taken no more, and says how long that took. @returns undefined when it still is after `withinMs` */
  untilRefused(accessToken: string, withinMs: number): Promise<number | undefined>;
}

export const ADMINISTRATOR = { email: 'administrator@abuse.example', password: 'correct horse battery staple' };
const PASSWORD = 'a long enough password';
const MAIL_TIMEOUT_MS = 5_000;
const POLL_MS = 50;

const SIGN_IN = `mutation ($input: LoginInput!) { login(input: $input) {
  ... on LoginPayload { accessToken refreshToken sessionId user { id } } ... on SecondFactorRequired { challenge } } }`;

/** @param options.dataDir where the accounts' outbox is @param options.namespace an octet of the addresses people come from */
export async function openPeople(options: { readonly target: URL; readonly dataDir: string; readonly namespace: number }): Promise<People> {
  const { target, dataDir, namespace } = options;
  let next = 0;
  const newClient = (): AttackClient => {
    next++;
    return createAttackClient(target, `127.${namespace}.${(next >> 8) & 255}.${next & 255 || 1}`);
  };

  const mails = async (): Promise<readonly SentMail[]> => {
    const text = await readFile(join(dataDir, 'outbox.jsonl'), 'utf8').catch(() => '');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as SentMail); // the product wrote it
  };
  const mailsTo = async (email: string): Promise<readonly SentMail[]> => (await mails()).filter(({ to }) => to === email);
  const awaitMail = async (email: string, kind: string): Promise<SentMail> => {
    for (const deadline = performance.now() + MAIL_TIMEOUT_MS; performance.now() < deadline; await sleep(POLL_MS)) {
      const found = (await mailsTo(email)).findLast((mail) => mail.kind === kind);
      if (found) return found;
    }
    throw new Error(`No mail "${kind}" to ${email} within ${MAIL_TIMEOUT_MS} ms.`);
  };

  const signIn = async (email: string, password: string, client = newClient()): Promise<Person> => {
    const reply = await client.graphql({ query: SIGN_IN, variables: { input: { email, password } } });
    const signedIn = valueAt(reply.data, 'login') as
      | { accessToken?: string; refreshToken?: string; sessionId?: string; user?: { id: string } }
      | undefined;
    const { accessToken, refreshToken, sessionId, user } = signedIn ?? {};
    if (accessToken === undefined || refreshToken === undefined || sessionId === undefined || user === undefined) {
      throw new Error(`${email} cannot sign in: ${summaryOf(reply)}`);
    }
    return { userId: user.id, email, password, accessToken, refreshToken, sessionId };
  };
  const register = async (name: string): Promise<{ email: string; password: string }> => {
    const email = `${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}@abuse.example`;
    const client = newClient();
    mustPass(
      await client.graphql({
        query: 'mutation ($input: RegisterInput!) { register(input: $input) { email } }',
        variables: { input: { email, password: PASSWORD } },
      }),
    );
    const { token } = await awaitMail(email, 'verify-email');
    mustPass(
      await client.graphql({ query: 'mutation ($token: String!) { verifyEmail(token: $token) { user { id } } }', variables: { token } }),
    );
    return { email, password: PASSWORD };
  };

  const administrator = await signIn(ADMINISTRATOR.email, ADMINISTRATOR.password);
  return {
    administrator,
    tokenClaims: readToken(administrator.accessToken).claims,
    forgedIdentity: forgeToken({
      header: { typ: 'loom-identity+jwt' },
      claims: { iss: 'loomgraph-gateway', aud: 'accounts', identity: { userId: administrator.userId, roles: ['admin'] } },
      sign: hs256('not-the-secret-of-this-installation-0123456789'),
    }),
    register,
    async join(name) {
      const { email, password } = await register(name);
      return signIn(email, password);
    },
    signIn,
    mails,
    mailsTo,
    awaitMail,
    async untilRefused(token, withinMs) {
      const client = newClient();
      const startedAt = performance.now();
      for (; performance.now() - startedAt < withinMs; await sleep(POLL_MS)) {
        const reply = await client.graphql({ query: '{ me { id } }', token });
        if (codeOf(reply) === 'UNAUTHENTICATED') return performance.now() - startedAt;
      }
      return undefined;
    },
  };
}

function mustPass(reply: Reply): void {
  if (reply.status !== 200 || reply.errors.length > 0) throw new Error(`A person of the drill was refused: ${summaryOf(reply)}`);
}
