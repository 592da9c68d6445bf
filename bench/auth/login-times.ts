import { Agent } from 'node:http';
import { startGateway } from '../../tools/harness/gateway-process.ts';
import { post } from '../../tools/harness/graphql.ts';
import { createRandom } from '../../tools/harness/random.ts';
import type { RunContext } from '../../tools/report/command.ts';
import type { Figure } from '../../tools/report/outcome.ts';
import { percentile } from '../../tools/report/percentile.ts';
import { superiority } from '../../tools/report/rank.ts';

/**
 * The chance that of a known and an unknown user's attempt the known one's takes longer is 0.5 where the time tells nothing. Vargha and Delaney call
 * less than 0.06 off it negligible; of fewer pairs so much is chance that 3.3 standard errors are allowed, which chance alone exceeds once in a thousand.
 */
const NEGLIGIBLE = 0.06;
const CHANCE = 3.3;
const PAIRS = { full: 600, short: 150 };
/** The throttle lets five attempts through for each account, and the one that warms up is one of them. */
const ATTEMPTS_EACH = 4;
const TIMEOUT_MS = 30_000;

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { email } }';
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { ... on LoginPayload { accessToken } } }';

type Kind = 'known' | 'unknown';

/**
 * How long signing in with a wrong password takes for users there are and for users there are not, against the product as people run it, on embedded
 * stores, with passwords hashed as by default: one attempt after the other, in a random order, each from an address of its own.
 */
export async function measureLoginTimes(options: {
  readonly seed: number;
  readonly short: boolean;
  readonly resources: AsyncDisposableStack;
  say: RunContext['say'];
}): Promise<{ readonly figures: readonly Figure[]; readonly missed: readonly string[] }> {
  const { seed, short, resources, say } = options;
  const pairs = short ? PAIRS.short : PAIRS.full;
  const gateway = resources.use(
    await startGateway({
      stores: {},
      dataDir: 'memory://',
      settings: { TRUSTED_PROXIES: '127.0.0.1', BUDGET_ADDRESS: '0', LOG_LEVEL: 'error' },
    }),
  );
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  resources.defer(() => agent.destroy());
  let senders = 0;
  const ask = async (query: string, input: object): Promise<{ text: string; durationMs: number }> => {
    senders += 1;
    const headers = {
      'content-type': 'application/json',
      'x-forwarded-for': `10.${senders >> 16}.${(senders >> 8) & 255}.${senders & 255}`,
    };
    const body = JSON.stringify({ query, variables: { input } });
    const startedAt = performance.now();
    const { text } = await post(`${gateway.url}/graphql`, { agent, headers, body, timeoutMs: TIMEOUT_MS });
    return { text, durationMs: performance.now() - startedAt };
  };

  const users = Math.ceil(pairs / ATTEMPTS_EACH);
  say(`logins: ${users} users register`);
  const emailOf = (kind: Kind, user: number): string => `${kind === 'known' ? 'reader' : 'nobody'}-${user}@times.example`;
  for (let user = 0; user < users; user++) {
    const { text } = await ask(REGISTER, { email: emailOf('known', user), password: 'a long enough password' });
    if (!text.includes(emailOf('known', user))) throw new Error(`A user cannot register: ${text}`);
  }
  const attempt = async (kind: Kind, user: number): Promise<number> => {
    const { text, durationMs } = await ask(LOGIN, { email: emailOf(kind, user), password: 'a wrong but long password' });
    if (!text.includes('"INVALID_CREDENTIALS"')) throw new Error(`A wrong password was answered with ${text}`);
    return durationMs;
  };
  for (let user = 0; user < users; user++) for (const kind of ['known', 'unknown'] as const) await attempt(kind, user);

  say(`logins: ${pairs} pairs of a known and an unknown user`);
  const random = createRandom(`${seed}/logins`);
  const times: Record<Kind, number[]> = { known: [], unknown: [] };
  for (let pair = 0; pair < pairs; pair++) {
    const order: readonly Kind[] = random.next() < 0.5 ? ['known', 'unknown'] : ['unknown', 'known'];
    for (const kind of order) times[kind].push(await attempt(kind, pair % users));
  }
  await gateway.stop();
  const { share, error } = superiority(times.known, times.unknown);
  const allowed = Math.max(NEGLIGIBLE, CHANCE * error);
  return {
    figures: [
      {
        name: 'login.told',
        value: share,
        meaning: "chance that a known user's wrong password takes longer than an unknown user's; 0.5: time tells nothing",
      },
      { name: 'login.toldAllowed', value: allowed, meaning: 'how far off 0.5 it may be' },
      { name: 'login.knownMs', value: percentile(times.known, 0.5), meaning: `median of ${pairs} wrong passwords of users there are, ms` },
      { name: 'login.unknownMs', value: percentile(times.unknown, 0.5), meaning: `median of ${pairs} logins of users there are not, ms` },
    ],
    missed:
      Math.abs(share - 0.5) <= allowed
        ? []
        : [`login.told is ${share.toFixed(3)}, more than ${allowed.toFixed(3)} off 0.5: the time of a login tells who has an account`],
  };
}
