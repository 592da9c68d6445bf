import { createHash } from 'node:crypto';
import { stringify } from 'safe-stable-stringify';

/** SHA-256 of the canonical JSON (sorted keys) of what a document was derived to, and of the derivation's version. */
export function fingerprint(versionKey: string, content: unknown): string {
  return createHash('sha256')
    .update(versionKey)
    .update('\n')
    .update(stringify(content) ?? 'null')
    .digest('base64url');
}
