import type { GraphQLFormattedError } from 'graphql';

/** Where an error is and what it says, as far as two executors must agree. */
export interface FieldError {
  readonly path: readonly (string | number)[] | undefined;
  readonly message: string;
}

const MASKED_MESSAGE = 'Internal server error';
/** Codes of errors that are no resolver's own words: a gateway masks their messages. */
const MASKED_CODES: readonly unknown[] = [undefined, 'INTERNAL_SERVER_ERROR'];

export function toFieldErrors(errors: readonly GraphQLFormattedError[] | undefined): readonly FieldError[] {
  return (errors ?? []).map(({ path, message, extensions }) => ({
    path,
    message: MASKED_CODES.includes(extensions?.['code']) ? MASKED_MESSAGE : message,
  }));
}

export function keyOf({ path, message }: FieldError): string {
  return JSON.stringify([path, message]);
}

export function describeError({ path, message }: FieldError): string {
  return `"${message}" at ${path?.join('.') ?? 'no path'}`;
}
