import { randomBytes } from 'node:crypto';
import { mkdir, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Secret } from '@loomgraph/config';
import type { Logger } from '@loomgraph/telemetry';
import type { MakeFirstAdministrator } from './domain/first-administrator.js';

const DEFAULT_EMAIL = 'admin@localhost';
export const PASSWORD_FILE = 'admin-password';

/**
 * Makes the administrator of an installation without users: with ADMIN_EMAIL and ADMIN_PASSWORD, or with a random password that is written to
 * the data folder, readable by its owner only.
 * @returns the file with the password, where it was just written
 */
export async function ensureAdministrator(
  { makeFirstAdministrator }: { readonly makeFirstAdministrator: MakeFirstAdministrator },
  options: {
    readonly email: string | undefined;
    readonly password: Secret | undefined;
    /** `memory://` keeps nothing: then there is an administrator only where a password is set. */
    readonly dataDir: string;
    readonly logger: Logger;
  },
): Promise<string | undefined> {
  const { email = DEFAULT_EMAIL, password, dataDir, logger } = options;
  if (password !== undefined) {
    if (await makeFirstAdministrator({ email, password: password.reveal() })) logger.info('The first administrator was made.');
    return undefined;
  }
  if (dataDir === 'memory://') return undefined;
  const random = randomBytes(18).toString('base64url');
  const file = join(dataDir, PASSWORD_FILE);
  await mkdir(dataDir, { recursive: true });
  // Before the account, so that no crash leaves an account whose password nobody knows.
  await writeFile(`${file}.new`, `${email}\n${random}\n`, { mode: 0o600 });
  if (!(await makeFirstAdministrator({ email, password: random }))) {
    await unlink(`${file}.new`);
    return undefined;
  }
  await rename(`${file}.new`, file);
  logger.info('The first administrator was made; the password is in a file of the data folder.', { file: PASSWORD_FILE });
  return file;
}
