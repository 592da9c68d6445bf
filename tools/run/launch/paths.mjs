import { fileURLToPath } from 'node:url';
import { delimiter, join } from 'node:path';

/** Root of the repository, whatever the working directory is. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url)).replace(/[/\\]$/, '');

/** The Node that the project pins, there once its packages are installed. */
export const PINNED_NODE = join(ROOT, 'node_modules/.bin/node');

/** @param {string} name */
export const binary = (name) => join(ROOT, 'node_modules/.bin', name);

/**
 * The environment with the project's commands, its Node among them, first on the path.
 * @returns {NodeJS.ProcessEnv}
 */
export function projectEnv() {
  return { ...process.env, PATH: [join(ROOT, 'node_modules/.bin'), process.env['PATH']].join(delimiter) };
}
