import { LaunchFailure } from './failure.mjs';

const OLDEST_MAJOR = 20;

/** Refuses a Node that cannot install the project. Anything newer may start it: the work itself is done by the pinned Node. */
export function assertNodeVersion(version = process.versions.node) {
  if (Number(version.split('.')[0]) >= OLDEST_MAJOR) return;
  throw new LaunchFailure(
    `Node ${version} is too old: install Node ${OLDEST_MAJOR} or later (https://nodejs.org), then run the same command again.`,
  );
}
