import type { FaultPoint } from '@loomgraph/sync';
import type { FaultLog } from './fault-log.ts';

/** All but the one of housekeeping, which finds nothing that old. */
export const STEPS: readonly Exclude<FaultPoint, 'housekeeping.slice'>[] = [
  'dispatch.read',
  'dispatch.inserted',
  'dispatch.committed',
  'claim.claimed',
  'project.loaded',
  'project.derived',
  'project.announced',
  'project.applied',
  'complete.before',
  'complete.after',
  'release.before',
  'fail.before',
  'fanout.page',
  'publish.read',
  'publish.sent',
  'publish.deleted',
  'consume.received',
  'consume.applied',
  'consume.committed',
];

/** The steps that nothing has befallen yet. */
export function neverHit(log: FaultLog): readonly string[] {
  return STEPS.filter((step) => log.hits(step) === 0);
}
