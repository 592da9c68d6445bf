/** Collects what processes write, and tells what of it is a crash of something inside. */
export interface CrashLog {
  /** Takes output of a process, in whatever pieces it comes. */
  take(process: string, text: string): void;
  /** Crashes since the last call, each in one line. */
  since(): readonly string[];
}

/** A fault that nobody caught, an error nobody foresaw, and what Node says when it gives up. */
const CRASHES = [
  /unhandled/i,
  /uncaught/i,
  /"message":"Masked error"/,
  /FATAL ERROR/,
  /"message":"HTTP request failed"/,
  /MaxListenersExceeded/,
  /at .+\/dist\/.+:\d+:\d+/,
];
const KEPT_CHARACTERS = 600;

export function createCrashLog(): CrashLog {
  const rests = new Map<string, string>();
  let found: string[] = [];
  return {
    take(process, text) {
      const lines = ((rests.get(process) ?? '') + text).split('\n');
      rests.set(process, lines.pop() ?? '');
      for (const line of lines) {
        if (CRASHES.some((crash) => crash.test(line))) found.push(`${process}: ${line.slice(0, KEPT_CHARACTERS)}`);
      }
    },
    since() {
      const crashes = found;
      found = [];
      return crashes;
    },
  };
}
