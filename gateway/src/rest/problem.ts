import { errorCatalogue, type ErrorCode } from '@loomgraph/core';
import type { GraphQLFormattedError } from 'graphql';

/** What a request is answered that is not answered with what it asked for (RFC 9457, `application/problem+json`). */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  /** One of docs/errors.md. */
  readonly code: string;
  readonly requestId: string;
  /** Facts about it, by its code. */
  readonly details?: unknown;
}

export const PROBLEM_TYPE = 'application/problem+json';
const INTERNAL_STATUS = 500;

/** Where GraphQL answers 200 with an error, and HTTP has a status for it. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  BAD_USER_INPUT: 400,
  PAGE_LIMIT_EXCEEDED: 400,
  INVALID_CURSOR: 400,
  INVALID_TOKEN: 401,
  INVALID_CREDENTIALS: 401,
  FORBIDDEN: 403,
  EMAIL_NOT_VERIFIED: 403,
  ACCOUNT_DISABLED: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  FILE_REFUSED: 422,
  JOB_TOO_LONG: 413,
};
/** By `details.reason`. */
const FILE_STATUS: Readonly<Record<string, number>> = { 'too-large': 413, type: 415, expired: 410 };

/** The problem of an answer with errors: its first one. */
export function problemOf(errors: readonly GraphQLFormattedError[], requestId: string): Problem {
  const [error] = errors;
  const { code, details } = error?.extensions ?? {};
  return problem({
    code: typeof code === 'string' ? code : 'INTERNAL_SERVER_ERROR',
    detail: error?.message ?? 'Internal server error',
    requestId,
    ...(details === undefined ? {} : { details }),
  });
}

export function problem(options: Omit<Problem, 'status' | 'title'>): Problem {
  const entry = Object.hasOwn(errorCatalogue, options.code) ? errorCatalogue[options.code as ErrorCode] : undefined;
  return { status: statusOf(options), title: entry?.description ?? 'The request could not be answered.', ...options };
}

function statusOf({ code, details }: { readonly code: string; readonly details?: unknown }): number {
  if (!Object.hasOwn(errorCatalogue, code)) return INTERNAL_STATUS;
  const reason = String((details as { readonly reason?: unknown } | undefined)?.reason);
  if (code === 'FILE_REFUSED' && Object.hasOwn(FILE_STATUS, reason)) return FILE_STATUS[reason] ?? INTERNAL_STATUS;
  return STATUS[code as ErrorCode] ?? errorCatalogue[code as ErrorCode].status;
}

/** Thrown by what asks the graph on behalf of a route, and answered as it is. */
export class RestProblem extends Error {
  readonly problem: Problem;
  readonly headers: Readonly<Record<string, string>>;

  constructor(found: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(found.detail);
    this.name = 'RestProblem';
    this.problem = found;
    this.headers = headers;
  }
}
