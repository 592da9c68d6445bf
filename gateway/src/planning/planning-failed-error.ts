import { LoomError } from '@loomgraph/core';

/** No plan came of a valid operation: the planner failed, or its plan asks for something execution cannot do. For the log, not for clients. */
export class PlanningFailedError extends LoomError {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super('INTERNAL_SERVER_ERROR', message, options);
  }
}
