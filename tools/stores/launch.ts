import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { type ProcessRecord, recordProcess } from './process-record.ts';
import type { ProcessSpec, StoreContext } from './recipe.ts';

export interface LaunchedProcess {
  readonly name: string;
  readonly record: ProcessRecord;
  /** How it ended, once it has; `undefined` while it runs. */
  exit(): string | undefined;
}

// A server gets what it needs and nothing else: its behaviour must not depend on the shell it was started from.
const INHERITED = ['PATH', 'HOME', 'JAVA_HOME', 'TMPDIR'];

/** Starts a server in a session of its own, so that it outlives this process, with its output in `<logDir>/<name>.log`. */
export async function launch(spec: ProcessSpec, { logDir, user }: Pick<StoreContext, 'logDir' | 'user'>): Promise<LaunchedProcess> {
  const inherited = INHERITED.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : []));
  const log = openSync(logPath(logDir, spec.name), 'a', 0o644);
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd,
    env: { ...Object.fromEntries(inherited), LANG: 'C.UTF-8', TZ: 'UTC', ...spec.env },
    detached: true,
    stdio: ['ignore', log, log],
    ...(user && { uid: user.uid, gid: user.gid }),
  });
  closeSync(log);
  let ended: string | undefined;
  child.once('exit', (code, signal) => (ended = signal ?? `exit code ${code}`));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`cannot start ${spec.command}: ${cause.message}`, { cause })));
  });
  child.unref();
  const record = child.pid === undefined ? undefined : recordProcess(child.pid);
  if (!record) throw new Error(`${spec.name} ended as soon as it was started`);
  return { name: spec.name, record, exit: () => ended };
}

export function logPath(logDir: string, processName: string): string {
  return join(logDir, `${processName}.log`);
}
