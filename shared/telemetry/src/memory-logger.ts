import { createLogger, type Logger, type LogLevel } from './logger.js';

/** One line as it would have been written: redacted, with the fields beside `level` and `message`. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface MemoryLogger extends Logger {
  /** Oldest first; lines of children too. */
  readonly lines: readonly LogLine[];
  clear(): void;
}

/** A logger for tests that keeps what a real one would have written. */
export function createMemoryLogger(level: LogLevel = 'debug'): MemoryLogger {
  const lines: LogLine[] = [];
  const write = (line: string): void => {
    const { level: lineLevel, msg, time: _time, name: _name, ...fields } = JSON.parse(line) as Record<string, unknown>;
    lines.push({ level: lineLevel as LogLevel, message: String(msg), fields });
  };
  const logger = createLogger({ level, name: 'memory', destination: { write } });
  return { ...logger, lines, clear: () => void lines.splice(0) };
}
