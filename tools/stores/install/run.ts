import { spawn } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly uid?: number;
  readonly gid?: number;
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 15 * 60_000;
const SHOWN_LINES = 15;

/** Runs a command to its end and returns its stdout. Throws with the end of its output when it fails or takes too long. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { env, timeoutMs = DEFAULT_TIMEOUT_MS, ...spawnOptions } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...spawnOptions,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Not the `timeout` option: its timer outlives a failed spawn and keeps this process from ending.
      signal: AbortSignal.timeout(timeoutMs),
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => ((stdout += text), (output += text)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.once('error', (cause: NodeJS.ErrnoException) => reject(spawnError({ command, timeoutMs, cause })));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(stdout);
      const tail = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
      return reject(new Error(`${[command, ...args].join(' ')} ended with ${code ?? signal}:\n${tail}`));
    });
  });
}

function spawnError({ command, timeoutMs, cause }: { command: string; timeoutMs: number; cause: NodeJS.ErrnoException }): Error {
  if (cause.name === 'AbortError') return new Error(`${command} was ended after ${timeoutMs / 1000} s`, { cause });
  if (cause.code === 'ENOENT') return new Error(`${command} is not installed, or not on PATH`, { cause });
  return cause;
}
