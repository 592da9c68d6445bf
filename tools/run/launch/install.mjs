import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { runCommand } from './run-command.mjs';
import { runStep } from './steps.mjs';

/** @typedef {{ version?: string, optional?: boolean, devOptional?: boolean }} LockEntry */

/** Installs the packages unless those of the lockfile are there: 10 ms then, about a minute otherwise. */
export async function ensureInstalled() {
  if (isInstalled(ROOT)) return;
  // Run by npm, its own path is in the environment; a shell's npm otherwise.
  const npm = process.env['npm_execpath'];
  const [command, prefix] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  await runStep('Installing packages (npm ci)', () => runCommand(command, [...prefix, 'ci', '--include=dev', '--no-audit', '--no-fund']));
}

/**
 * Whether npm's record of what it installed holds every package of the lockfile at its version. npm writes that record
 * last, so an interrupted installation does not count.
 * @param {string} root
 */
export function isInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(join(root, 'node_modules/.package-lock.json'));
  if (!wanted || !installed) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    return isElsewhere(path, entry) || (found !== undefined && found.version === entry.version);
  });
}

/**
 * Folders of workspaces are sources (what is installed is a link to them); optional packages may be of another platform.
 * @param {string} path @param {LockEntry} entry
 */
function isElsewhere(path, { optional, devOptional }) {
  return !path.includes('node_modules/') || optional === true || devOptional === true;
}

/** @param {string} path @returns {Record<string, LockEntry> | undefined} */
function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT') return undefined;
    throw error;
  }
}
