import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LaunchFailure } from './failure.mjs';
import { projectEnv, ROOT } from './paths.mjs';

/**
 * Lets another program go on in place of this one; never returns. Where this Node can (22.15 and later), the program takes
 * over the process itself. Otherwise it is a child that gets this process's signals and whose end is this process's end.
 * @param {string} command absolute path
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<never>}
 */
export function handOver(command, args, env = projectEnv()) {
  process.chdir(ROOT);
  if (typeof process.execve === 'function') process.execve(command, [command, ...args], withoutUndefined(env));
  return new Promise((_resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'inherit' });
    child.once('error', (error) => reject(new LaunchFailure(`${command} could not be started: ${error.message}`)));
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        // A terminal sends its Ctrl-C to the whole group: the child has it already.
        if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
      });
    }
    child.once('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']));
  });
}

/** @param {NodeJS.ProcessEnv} env @returns {Record<string, string>} */
function withoutUndefined(env) {
  return Object.fromEntries(Object.entries(env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
}
