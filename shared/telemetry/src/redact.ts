/** What stands in a log line where a secret was. */
export const REDACTED = '[redacted]';

/** Compared with the name in lower case without `-` and `_`; a suffix, so `clientSecret` and `set-cookie` match and `tokens` does not. */
const SECRET_NAME = /(?:authorization|cookie|password|passwd|passphrase|secret|token|apikey|privatekey|credentials?|loomidentity)$/;
/** The scheme is bounded so that a long text without any URL stays linear to scan. */
const URL_CREDENTIALS = /\b([a-z][a-z\d+.-]{0,30}:\/\/[^\s/:@?#]*):[^\s/?#]*@/gi;
const BEARER = /\b(bearer|basic)\s+[\w~+/.=-]{8,}/gi;
/** Databases quote the values that break a rule: whole rows and keys, to the end of their line, and duplicates. Bounded like the scheme. */
const QUOTED_VALUES = /\b(Failing row contains |Key \([^)\n]{0,300}\)=)\(.*|(Duplicate entry )'.{0,1000}'(?= for key)/g;
/** Fields of drivers' errors that hold statements or values: of pg (detail, where, internalQuery), PGlite (query) and mysql2 (sql, sqlMessage). */
const VALUE_FIELDS: ReadonlySet<string> = new Set(['detail', 'where', 'internalQuery', 'query', 'sql', 'sqlMessage']);
const MAX_DEPTH = 8;

/** Whether a field of this name is never written out. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name.replaceAll(/[-_]/g, '').toLowerCase());
}

/** Masks inside a text the password of every URL, the credentials of every `Bearer` or `Basic` header, and the values that a database quotes. */
export function redactText(text: string): string {
  return text.replace(URL_CREDENTIALS, `$1:${REDACTED}@`).replace(BEARER, `$1 ${REDACTED}`).replace(QUOTED_VALUES, `$1$2${REDACTED}`);
}

/**
 * A copy of a value that is safe to log: secrets replaced at any depth, errors spelled out with their causes, cycles cut.
 * Own code because pino's `redact` knows fixed paths only, and neither texts nor causes of errors.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set());
}

function copy(value: unknown, depth: number, above: Set<object>): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '[circular]';
  if (depth >= MAX_DEPTH) return '[too deep]';
  above.add(value);
  try {
    return copyObject(value, depth + 1, above);
  } finally {
    above.delete(value);
  }
}

function copyObject(value: object, depth: number, above: Set<object>): unknown {
  if (value instanceof Error) return copyError(value, depth, above);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => copy(item, depth, above));
  if (value instanceof Map || value instanceof Set) return copy([...value], depth, above);
  if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(), depth, above);
  return copyFields(Object.entries(value), depth, above);
}

function copyFields(entries: readonly (readonly [string, unknown])[], depth: number, above: Set<object>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, field] of entries) {
    const hide = isSecretName(name) && field !== undefined && field !== null && typeof field !== 'boolean';
    result[name] = hide ? REDACTED : copy(field, depth, above);
  }
  return result;
}

function copyError(error: Error, depth: number, above: Set<object>): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  // Vendor errors carry whole requests and sockets: of their own fields only plain values say something.
  const plain = Object.entries(error).filter(
    ([key, field]) => key !== 'details' && key !== 'name' && !VALUE_FIELDS.has(key) && (typeof field !== 'object' || field === null),
  );
  return {
    type: name,
    message: redactText(message),
    ...copyFields(
      plain.filter(([, field]) => typeof field !== 'function'),
      depth,
      above,
    ),
    ...('details' in error ? { details: copy(error.details, depth, above) } : {}),
    ...(stack === undefined ? {} : { stack: redactText(stack) }),
    ...(cause === undefined ? {} : { cause: copy(cause, depth, above) }),
    ...(error instanceof AggregateError ? { errors: copy(error.errors, depth, above) } : {}),
  };
}
