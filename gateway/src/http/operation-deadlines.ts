import { createDeadlines } from '../deadlines.js';
import { Cancellation } from '../execution/cancellation.js';

/** Gives each request something to be cancelled by, in time or when its client goes. */
export interface OperationDeadlines {
  begin(): Cancellation;
  end(cancellation: Cancellation): void;
}

/** @param limitMs undefined: no request ends by its time */
export function createOperationDeadlines(limitMs: number | undefined): OperationDeadlines {
  if (limitMs === undefined) return { begin: () => new Cancellation(), end: () => undefined };
  const deadlines = createDeadlines(limitMs);
  return {
    begin() {
      const cancellation = new Cancellation(limitMs);
      deadlines.begin(cancellation);
      return cancellation;
    },
    end: (cancellation) => deadlines.end(cancellation),
  };
}
