import { errorCatalogue, type ErrorCode, type ErrorCodeEntry } from './catalogue.js';

/** An error with a code of the catalogue. `details` are typed facts for the client, never secrets. */
export class LoomError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: { details?: Record<string, unknown>; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
  }

  get entry(): ErrorCodeEntry {
    return errorCatalogue[this.code];
  }
}

/** A rule of a domain was broken by the caller. Domains subclass it next to the rule. */
export class DomainError extends LoomError {}

/** The closed set of ways a store can fail; one converter per backend maps vendor errors onto it. */
export type StoreErrorKind = 'unavailable' | 'timeout' | 'conflict' | 'constraint' | 'corrupt';

const codeOfKind: Record<StoreErrorKind, ErrorCode> = {
  unavailable: 'STORE_UNAVAILABLE',
  timeout: 'STORE_TIMEOUT',
  conflict: 'CONFLICT',
  constraint: 'STORE_CONSTRAINT',
  corrupt: 'STORE_CORRUPT',
};

/** A failure of a store, classified. `cause` is the vendor's error; `code` says more than the kind where something more is known. */
export class StoreError extends LoomError {
  readonly kind: StoreErrorKind;
  readonly store: string;

  constructor(
    kind: StoreErrorKind,
    store: string,
    message: string,
    options: { cause?: unknown; details?: Record<string, unknown>; code?: ErrorCode } = {},
  ) {
    const { code = codeOfKind[kind], ...rest } = options;
    super(code, message, { ...rest, details: { store, ...options.details } });
    this.kind = kind;
    this.store = store;
  }

  /** Whether the same call may succeed later unchanged. */
  get retryable(): boolean {
    return this.kind === 'unavailable' || this.kind === 'timeout' || this.kind === 'conflict';
  }
}
