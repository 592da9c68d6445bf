import type { PlanNode } from '../planning/plan.js';
import type { RaisedError } from '../request/mask-errors.js';
import type { WrittenAnswer } from './compiled-operation.js';
import type { EngineRequest } from './engine.js';

/** What one execution came to, before its errors are written for a caller. */
export interface Execution {
  /** The request that ran it; others may have joined. */
  readonly request: EngineRequest;
  readonly plan: PlanNode | undefined;
  readonly answer: WrittenAnswer;
  readonly errors: readonly RaisedError[];
  /** See `OperationRun`. */
  readonly dropped: readonly RaisedError[];
  /** The whole response without errors, encoded for the first of those who share it. */
  readonly encoded: { isShared: boolean; bytes: Uint8Array | undefined };
  readonly hasData: boolean;
  readonly planMs: number;
  readonly fetches: number;
  readonly fetchMs: number;
}
