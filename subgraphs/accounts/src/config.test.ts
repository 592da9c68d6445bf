import { loadConfig } from '@loomgraph/config';
import { accountsConfig } from './config.js';

const SECRET = 'a secret of the tests, at least 32 bytes long';
const needed = { GATEWAY_IDENTITY_SECRET: SECRET, ACCOUNTS_SECRET: SECRET };
const throttleOf = (env: Record<string, string>) => loadConfig(accountsConfig, { ...needed, ...env }).accounts.throttle;

describe('accountsConfig', () => {
  it('A5 throttles logins by settings', () => {
    expect(throttleOf({})).toEqual({
      freeAttempts: 5,
      firstWaitMs: 30_000,
      longestWaitMs: 3_600_000,
      memoryMs: 86_400_000,
      perNetwork: 30,
      windowMs: 600_000,
    });
    expect(
      throttleOf({
        LOGIN_FREE_ATTEMPTS: '3',
        LOGIN_FIRST_WAIT: '1m',
        LOGIN_LONGEST_WAIT: '1m',
        LOGIN_MEMORY: '1m',
        LOGIN_PER_NETWORK: '500',
        LOGIN_WINDOW: '1h',
      }),
    ).toEqual({ freeAttempts: 3, firstWaitMs: 60_000, longestWaitMs: 60_000, memoryMs: 60_000, perNetwork: 500, windowMs: 3_600_000 });
  });

  it('A5 refuses a throttle that would let everybody guess, or nobody sign in', () => {
    for (const [name, text] of Object.entries({
      LOGIN_FREE_ATTEMPTS: '0',
      LOGIN_PER_NETWORK: '0',
      LOGIN_FIRST_WAIT: '0',
      LOGIN_WINDOW: '10',
    }))
      expect(() => throttleOf({ [name]: text })).toThrow(new RegExp(`${name}: .* expected`));
    expect(() => throttleOf({ LOGIN_FIRST_WAIT: '2h' })).toThrow('LOGIN_FIRST_WAIT: is longer than LOGIN_LONGEST_WAIT');
    expect(() => throttleOf({ LOGIN_LONGEST_WAIT: '2d' })).toThrow('LOGIN_LONGEST_WAIT: is longer than LOGIN_MEMORY');
  });

  it('asks for the secret that encrypts keys', () => {
    expect(() => loadConfig(accountsConfig, { GATEWAY_IDENTITY_SECRET: SECRET })).toThrow('ACCOUNTS_SECRET: is not set');
  });
});
