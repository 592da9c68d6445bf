import { pino, stdTimeFunctions, type Logger as PinoLogger } from 'pino';
import { redact, redactText } from './redact.js';
import { currentTraceId } from './tracing.js';

export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Facts of a log line. An error goes under `error`. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * What the code logs with: one sentence, and the facts as fields.
 *
 * 1. Each call writes one JSON line with `level` (as a word), `time` (ISO 8601), `name`, the fields and `msg`; never throws.
 * 2. Secrets never reach the line: fields named like one, at any depth; passwords in URLs; `Bearer` credentials, in texts too; nor what a
 *    database quotes of rows and statements in its errors.
 * 3. An `Error` among the fields is written with its code, details, stack and causes.
 * 4. Inside a traced operation the line carries `traceId`.
 * 5. `child` adds its fields to every line; they are redacted in the same way.
 */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(fields: LogFields): Logger;
  /** Whether such a line is written: for fields that take work to gather. */
  isEnabled(level: Exclude<LogLevel, 'silent'>): boolean;
}

export interface LoggerOptions {
  readonly level: LogLevel;
  /** The process or component, on every line. */
  readonly name: string;
  /** Takes whole lines; standard output when left out. */
  readonly destination?: { write(line: string): void };
}

/** A `Logger` that writes JSON lines through pino. */
export function createLogger(options: LoggerOptions): Logger {
  const { level, name, destination } = options;
  const settings = {
    level,
    base: { name },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // The fields are already plain: pino's own error serializer would only add a second opinion.
    serializers: {},
    mixin: () => {
      const traceId = currentTraceId();
      return traceId === undefined ? {} : { traceId };
    },
  };
  return wrap(destination === undefined ? pino(settings) : pino(settings, destination));
}

/** A `Logger` that writes nothing: the default of libraries that were given none. */
export const silentLogger: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLogger,
  isEnabled: () => false,
};

function wrap(target: PinoLogger): Logger {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) => {
    // Copying the fields costs more than the line; do it only for a line that is written.
    if (!target.isLevelEnabled(level)) return;
    target[level](plain(fields), redactText(message));
  };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) => wrap(target.child(plain(fields))),
    isEnabled: (level) => target.isLevelEnabled(level),
  };
}

/** Logging must never fail the work: a getter or `toJSON` that throws costs the fields, not the line. */
function plain(fields: LogFields | undefined): object {
  if (fields === undefined) return {};
  try {
    return redact(fields) as object; // an object in, an object out
  } catch {
    return { fields: '[not serialisable]' };
  }
}
