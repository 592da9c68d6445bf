import type { Operation } from '../graph/operation.ts';
import { coldOperation } from './cold.ts';
import { HEAVY } from './heavy.ts';
import { createMixed } from './mixed.ts';
import { WIDE } from './wide.ts';

export const WORKLOADS = ['heavy', 'wide', 'point', 'mixed', 'cold'] as const;
export type WorkloadName = (typeof WORKLOADS)[number];

export interface Workload {
  /** The operation at a place in the endless sequence of this workload: the same seed and index, the same operation. */
  operation(index: number): Operation;
  /** How many of the first ones show that the answers are right. */
  readonly checked: number;
}

const POINTS: readonly Operation[] = Array.from({ length: 100 }, (_, index) => ({
  query: 'query Point($id: ID!) { user(id: $id) { id name username } }',
  variables: { id: String(index + 1) },
}));

const CREATE: Readonly<Record<WorkloadName, (seed: number) => Workload>> = {
  heavy: () => ({ operation: () => HEAVY, checked: 1 }),
  wide: () => ({ operation: () => WIDE, checked: 1 }),
  point: () => ({ operation: cyclic(POINTS), checked: POINTS.length }),
  mixed: (seed) => ({ operation: cyclic(createMixed(seed)), checked: 300 }),
  cold: (seed) => ({ operation: (index) => coldOperation(seed, index), checked: 200 }),
};

export const createWorkload = (name: WorkloadName, seed: number): Workload => CREATE[name](seed);

function cyclic(operations: readonly Operation[]): (index: number) => Operation {
  return (index) => {
    const operation = operations[index % operations.length];
    if (!operation) throw new RangeError('A workload needs at least one operation.');
    return operation;
  };
}
