import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { SECRET } from './deploy.js';

const root = join(import.meta.dirname, '../..');

export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `npm run <name> -- …` as npm does, with nothing of this process's environment but the path. Needs the built workspaces, as the command does. */
export async function runTool(
  name: string,
  arguments_: readonly string[],
  env: Record<string, string> = { JWT_SECRET: SECRET },
): Promise<Ran> {
  const child = spawn(process.execPath, [join(root, `tools/${name}/main.ts`), ...arguments_], {
    cwd: root,
    env: { PATH: process.env['PATH'] ?? '', NODE_NO_WARNINGS: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number | null, out, err };
}
