import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './launch/paths.mjs';

/** Node's option that reads `.env` at the root, where there is one; variables that are set already win over it. */
export function settingsFile(): readonly string[] {
  return existsSync(join(ROOT, '.env')) ? ['--env-file=.env'] : [];
}
