/** Between two steps of the engine. */
export type FaultPoint =
  | 'dispatch.read'
  | 'dispatch.inserted'
  | 'dispatch.committed'
  | 'claim.claimed'
  | 'project.loaded'
  | 'project.derived'
  | 'project.announced'
  | 'project.applied'
  | 'complete.before'
  | 'complete.after'
  | 'release.before'
  | 'fail.before'
  | 'fanout.page'
  | 'publish.read'
  | 'publish.sent'
  | 'publish.deleted'
  | 'consume.received'
  | 'consume.applied'
  | 'consume.committed'
  | 'housekeeping.slice';

/**
 * Called at each point; a drill kills the process there, waits, or throws, which counts as a failure of the step before. Nothing else
 * gives one.
 */
export type Faults = (point: FaultPoint) => Promise<void> | void;

export const noFaults: Faults = () => undefined;
