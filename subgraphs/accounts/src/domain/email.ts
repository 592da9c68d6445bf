import { InvalidEmail } from './errors.js';
import { limits } from './user.js';

/** One `@`, no blanks or control characters, a domain of labels. Whether it is somebody's, only a mail can tell. */
// A host without a dot is somebody's own network: admin@localhost.
const FORM = /^[^\s@"(),:;<>[\\\]\p{Cc}]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/u;

/**
 * The one way an address is kept and compared: without blanks around it, in Unicode form NFKC and lower case. Mail providers that tell
 * letters apart by case are not known; two users whose addresses differ by case alone would be a trap.
 * @throws InvalidEmail
 */
export function normaliseEmail(text: string): string {
  const email = text.trim().normalize('NFKC').toLowerCase();
  if (email.length > limits.emailLength || !FORM.test(email)) throw new InvalidEmail();
  return email;
}
