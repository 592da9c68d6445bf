/**
 * The single registry of error codes. `docs/errors.md` is generated from it.
 * Codes Apollo Server already defines keep Apollo's name.
 */
export interface ErrorCodeEntry {
  /** `client`: the message is safe to show. `internal`: it is logged and masked. */
  readonly exposure: 'client' | 'internal';
  /** HTTP status when the error decides the whole response. */
  readonly status: number;
  /** Whether the same call may succeed later without being changed. */
  readonly retryable: boolean;
  readonly description: string;
  /** Product version that introduced the code. */
  readonly since: string;
}

const client = (status: number, description: string, retryable = false): ErrorCodeEntry => ({
  exposure: 'client',
  status,
  retryable,
  description,
  since: '0.1.0',
});
const internal = (status: number, description: string, retryable = false): ErrorCodeEntry => ({
  exposure: 'internal',
  status,
  retryable,
  description,
  since: '0.1.0',
});

export const errorCatalogue = {
  // Raised by the GraphQL layer itself
  GRAPHQL_PARSE_FAILED: client(400, 'The document is not valid GraphQL syntax.'),
  GRAPHQL_VALIDATION_FAILED: client(400, 'The operation does not fit the schema.'),
  BAD_REQUEST: client(400, 'The HTTP request is not a well-formed GraphQL request.'),
  OPERATION_RESOLUTION_FAILURE: client(400, 'The named operation is not in the document.'),
  OPERATION_TOO_COMPLEX: client(
    400,
    'The operation is larger than what is planned: ask for less at once. `details.limit` says in which way.',
  ),
  OPERATION_TOO_COSTLY: client(
    400,
    'The operation may answer more than one request is allowed: ask for shorter lists, or for less of each item.',
  ),
  RATE_LIMITED: client(429, 'The caller has used up what is allowed in a span of time: retry after the seconds in `Retry-After`.', true),
  SUBSCRIPTION_LIMIT_EXCEEDED: client(
    429,
    'The caller, or this process, has as many subscriptions open as are allowed: end one, or retry later.',
    true,
  ),
  SUBSCRIPTION_RESUME_EXPIRED: client(
    410,
    'The events after this `Last-Event-ID` are not kept any more: read anew, then subscribe without it.',
  ),
  SUBSCRIPTION_SCHEMA_RELOAD: client(409, 'The subscription was ended: the schema changed, and the operation does not fit it any more.'),
  SUBSCRIPTION_SLOW_CONSUMER: client(
    503,
    'The subscription was ended: events came faster than they were read. Subscribe again from the last one.',
    true,
  ),
  REQUEST_TOO_LARGE: client(413, 'The body of the request is larger than what is read.'),
  REQUEST_TIMEOUT: client(408, 'The request did not arrive whole in time: send it again.', true),
  DOCUMENT_NOT_FOUND: client(404, 'No document is known under this id: use one of the manifest, or send the text where that is allowed.'),
  DOCUMENT_NOT_TRUSTED: client(403, 'Only operations that were registered are executed here, and this is none of them.'),
  PERSISTED_QUERY_NOT_FOUND: client(200, 'The hash is unknown: send the document once with its hash.'),
  PERSISTED_QUERY_NOT_SUPPORTED: client(200, 'Persisted queries are switched off.'),
  OPERATION_TIMEOUT: client(504, 'The operation took longer than it may: ask for less at once, or retry later.', true),
  REQUEST_CANCELLED: client(499, 'The client went away before its request was answered.'),
  OVERLOADED: client(503, 'The gateway has more to do than it can: retry after the seconds in `Retry-After`.', true),
  INTERNAL_SERVER_ERROR: internal(500, 'Something failed inside; the log has it under the request id.'),

  // What a caller can mend
  BAD_USER_INPUT: client(200, 'An argument is outside its documented range or shape.'),
  UNAUTHENTICATED: client(401, 'The operation needs a valid access token and none was presented.'),
  INVALID_TOKEN: client(200, 'A token of a mail, a login or a refresh is unknown, expired or used; `details.reason` says which.'),
  EMAIL_NOT_VERIFIED: client(200, 'The user must follow the link in the mail before signing in.'),
  ACCOUNT_DISABLED: client(200, 'The account is disabled; an administrator can enable it.'),
  FORBIDDEN: client(200, 'The caller is known and may not do this.'),
  INVALID_CREDENTIALS: client(200, 'E-mail and password, or the code, do not fit.'),
  ACCOUNT_LOCKED: client(429, 'The account was tried too often: retry after `details.retryAfterSeconds`, or reset the password.', true),
  UNAUTHORIZED_FIELD_OR_TYPE: client(
    403,
    'The caller may not have this field: the schema asks for an access token, a scope or a policy it does not have.',
  ),
  NOT_FOUND: client(200, 'A record that the operation must change does not exist.'),
  CONFLICT: client(200, 'The record changed meanwhile, or the name is taken: read again and retry.'),
  FILE_REFUSED: client(
    200,
    'A file is not taken; `details.reason` says why: empty, too-large, type, name, checksum, infected, missing, expired.',
  ),
  JOB_TOO_LONG: client(200, 'The text of a job is longer than what is read; `details.limit` says how many bytes are.'),
  PAGE_LIMIT_EXCEEDED: client(200, 'A page of at most 100 items can be asked for.'),
  INVALID_CURSOR: client(200, 'The cursor was not issued by this connection with this order.'),
  INVALID_SYNC_TOKEN: client(400, 'The sync token was not issued by a mutation of this installation.'),

  // What passes or needs an operator
  STORE_UNAVAILABLE: client(503, 'A store this field needs does not answer; retry later.', true),
  STORE_TIMEOUT: client(504, 'A store this field needs did not answer in time; retry later.', true),
  STORE_FULL: client(503, 'A store has no room for what is to be written; an operator must make some.', true),
  SYNC_STALE: client(503, 'What this field reads has not caught up with the sync token, and the caller asked to fail then.', true),
  STORE_CONSTRAINT: internal(500, 'A store refused a write that the use case should not have tried.'),
  STORE_CORRUPT: internal(500, 'A store answered with something it should not hold.'),
  SUBGRAPH_UNAVAILABLE: client(503, 'The subgraph that owns this field does not answer; retry later.', true),
  SUBGRAPH_ANSWER_INVALID: client(502, 'The subgraph that owns this field gave an answer that does not fit its schema.'),
  CAPABILITY_NOT_CONFIGURED: client(501, 'The installation lacks what this field needs; the message names the setting.'),
  SCANNER_UNAVAILABLE: client(503, 'The virus scanner that every file has to pass does not answer; retry later.', true),
  MAIL_UNAVAILABLE: client(503, 'The mail server does not take mails; retry later.', true),
  AI_PROVIDER_UNAVAILABLE: client(503, 'The embedding or language model provider does not answer; retry later.', true),
  AI_PROVIDER_REJECTED: internal(502, 'The provider refused the request (key, model or input).'),
  CONFIG_INVALID: internal(500, 'The configuration of the process does not fit its schema.'),
} as const satisfies Record<string, ErrorCodeEntry>;

export type ErrorCode = keyof typeof errorCatalogue;
