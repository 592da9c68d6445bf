import { MIMEType } from 'node:util';

const JSON_TYPE = 'application/json';

/** Whether a `Content-Type` is JSON in UTF-8, which it is unless it names another charset. */
export function isUtf8Json(contentType: string | undefined): boolean {
  if (contentType === JSON_TYPE) return true;
  if (contentType === undefined) return false;
  try {
    const { essence, params } = new MIMEType(contentType);
    const charset = params.get('charset')?.toLowerCase() ?? 'utf-8';
    return essence === JSON_TYPE && (charset === 'utf-8' || charset === 'utf8');
  } catch {
    return false;
  }
}
