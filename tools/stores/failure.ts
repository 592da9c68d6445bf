import { readFileSync } from 'node:fs';

/** A store that did not come up, with what its log says. */
export class StoreFailure extends Error {
  readonly logPaths: readonly string[];
  constructor(message: string, logPaths: readonly string[], cause?: unknown) {
    super(message, { cause });
    this.logPaths = logPaths;
  }
}

const SHOWN_LINES = 20;
const MAX_READ_BYTES = 64 * 1024;

/** The failure's message, then the path and the end of each log. */
export function describeFailure(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof StoreFailure)) return message;
  const logs = error.logPaths.map((path) => `--- ${path}\n${lastLines(path)}`);
  return [message, ...logs].join('\n');
}

function lastLines(path: string): string {
  try {
    const text = readFileSync(path).subarray(-MAX_READ_BYTES).toString();
    return text.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  } catch {
    return '(no log)';
  }
}
