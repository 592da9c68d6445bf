import { WeakPassword } from './errors.js';
import { limits } from './user.js';

/**
 * The password as it is hashed: Unicode form NFC, so that it does not depend on the keyboard that wrote it; blanks count.
 *
 * Length alone is asked for (NIST SP 800-63B §3.1.1.2: no rules of composition). The address itself, or its part before the `@`, is refused.
 * @throws WeakPassword
 */
export function acceptPassword(password: string, email: string): string {
  const text = password.normalize('NFC');
  const characters = Array.from(text).length;
  if (characters < limits.passwordMin || characters > limits.passwordMax) {
    throw new WeakPassword(
      `A password has ${limits.passwordMin} to ${limits.passwordMax} characters; this one has ${characters}.`,
      'length',
    );
  }
  const folded = text.toLowerCase();
  if (folded === email || folded === email.split('@')[0]) {
    throw new WeakPassword('The e-mail address is the first password anyone would try: take another one.', 'email');
  }
  return text;
}

/** What somebody offers to sign in; longer than any accepted one is not hashed at all. */
export function offeredPassword(password: string): string | undefined {
  const text = password.normalize('NFC');
  return text.length <= limits.passwordMax * 2 ? text : undefined;
}
