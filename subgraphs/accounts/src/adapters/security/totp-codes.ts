import { Secret, TOTP } from 'otpauth';
import type { TotpCodes } from '../../domain/security/second-factor.js';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
/** RFC 4226, section 4: at least 128 bits, 160 are recommended. */
const SECRET_BYTES = 20;
/** Clocks are a little off, and people slow: one step before and after counts as well (RFC 6238, section 5.2). */
const WINDOW = 1;

export function createTotpCodes({ issuer }: { issuer: string }): TotpCodes {
  const totp = (secret: string, label = ''): TOTP =>
    new TOTP({ issuer, label, algorithm: 'SHA1', digits: DIGITS, period: PERIOD_SECONDS, secret: Secret.fromBase32(secret) });
  return {
    newSecret: () => new Secret({ size: SECRET_BYTES }).base32,
    uri: (secret, account) => totp(secret, account).toString(),
    stepOf(secret, code, at) {
      const token = code.replaceAll(/\s/g, '');
      if (!/^\d{6}$/.test(token)) return null;
      const delta = totp(secret).validate({ token, timestamp: at.getTime(), window: WINDOW });
      return delta === null ? null : Math.floor(at.getTime() / 1_000 / PERIOD_SECONDS) + delta;
    },
  };
}
