import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

const SECRET_FILE = 'development-secret';

/** The secret that signs development tokens where none is configured: made once, kept in the data folder, readable by its owner only. */
export async function developmentSecret(dataDir: string): Promise<string> {
  if (dataDir === 'memory://') return randomBytes(32).toString('base64url');
  const file = join(resolve(dataDir), SECRET_FILE);
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(resolve(dataDir), { recursive: true });
  // Written only if still absent: two processes that start at once end with the same secret.
  await writeFile(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  return (await readFile(file, 'utf8')).trim();
}
