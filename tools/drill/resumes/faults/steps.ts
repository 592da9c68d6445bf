import type { FaultLog } from '../../sync/faults/fault-log.ts';

/** Where a worker can be killed: before, between and after everything that is written somewhere. */
export const STEPS = [
  'request written',
  'request committed',
  'send begun',
  'send answered',
  'complete read',
  'complete keeping',
  'complete kept',
  'complete written',
  'complete committed',
  'task claimed',
  'understand read',
  'understand reading',
  'understand written',
  'understand committed',
  'ask written',
  'ask committed',
  'suggest assessing',
  'suggest assessed',
  'suggest written',
  'suggest committed',
  'feedback written',
  'feedback committed',
  'delete written',
  'delete committed',
  'remove listed',
  'remove deleting',
  'remove deleted',
  'erase written',
  'erase committed',
  'sweep listed',
] as const;

export type Step = (typeof STEPS)[number];

/** Embedded objects are served by the worker; with a server of their own a worker has no part in what is sent. */
export function stepsOf(kind: 'embedded' | 'real'): readonly Step[] {
  return kind === 'embedded' ? STEPS : STEPS.filter((step) => !step.startsWith('send '));
}

/** The steps at which nobody was killed yet. */
export function neverHit(steps: readonly Step[], log: FaultLog): readonly Step[] {
  return steps.filter((step) => log.hits(step) === 0);
}
