import { spawn } from 'node:child_process';
import { LaunchFailure } from './failure.mjs';
import { projectEnv, ROOT } from './paths.mjs';

const SHOWN_LINES = 40;

/**
 * Runs a command to its end, quietly. Throws with the end of its output when it fails.
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {Promise<string>} its output
 */
export function runCommand(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, env: projectEnv(), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => reject(new LaunchFailure(`${command} could not be started: ${error.message}`)));
    child.once('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const tail = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
      return reject(new LaunchFailure(`${tail}\n\n${[command, ...args].join(' ')} ended with ${code ?? signal}`));
    });
  });
}
