import type { Logger } from '@loomgraph/telemetry';
import type { ErrorContext, RaisedError } from '../request/mask-errors.js';
import type { EngineMetrics } from './engine-metrics.js';

/** Takes note of the errors of one execution that are shown to nobody. */
export type DroppedReport = (errors: readonly RaisedError[], context: ErrorContext) => void;

/** Errors of more objects than these say nothing new in the log; all are counted. */
const LOGGED = 5;
const UNKNOWN = 'unknown';

export function createDroppedReport(deps: {
  readonly logger: Logger;
  readonly metrics: Pick<EngineMetrics, 'errorDropped'>;
}): DroppedReport {
  const { logger, metrics } = deps;
  return (errors, { requestId, operationName }) => {
    for (const [index, { message, path, extensions = {}, originalError }] of errors.entries()) {
      const subgraph = typeof extensions['serviceName'] === 'string' ? extensions['serviceName'] : UNKNOWN;
      metrics.errorDropped(subgraph);
      if (index >= LOGGED) continue;
      const code = extensions['code'];
      logger.debug('An error cost nothing and is not shown', {
        requestId,
        operationName,
        subgraph,
        path: path?.join('.'),
        code,
        error: originalError ?? message,
      });
    }
  };
}
