import { isUtf8Json } from './content-type.js';

/** Any of them makes a browser ask (CORS preflight) before it sends the request to another site; the names are Apollo's. */
export const CSRF_HEADERS = ['x-apollo-operation-name', 'apollo-require-preflight'] as const;

/**
 * Whether another site's page could not have made a browser send this GET by itself: a link or an image sends neither a
 * `Content-Type` other than those of forms nor a header of its own. POST needs no such check, since it takes JSON only.
 */
export function isPreflighted(headers: { readonly [name: string]: string | string[] | undefined }): boolean {
  const contentType = headers['content-type'];
  return (typeof contentType === 'string' && isUtf8Json(contentType)) || CSRF_HEADERS.some((name) => (headers[name] ?? '') !== '');
}

export const CSRF_MESSAGE =
  `This request could have been sent by another site's page without its user knowing. Send "content-type: application/json", ` +
  `or a value in one of these headers: ${CSRF_HEADERS.join(', ')}.`;
