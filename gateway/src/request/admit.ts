import type { EngineRequest } from '../execution/engine.js';
import type { Refusal } from './refuse.js';

/**
 * A say in whether an operation runs at all: limits, trusted documents, quotas. It is asked once for each operation, after the caller
 * is known and before anything is parsed; undefined lets the operation pass.
 */
export type Admit = (request: EngineRequest) => Promise<Refusal | undefined>;
