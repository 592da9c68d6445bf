/**
 * Tells a subgraph how many milliseconds its answer is waited for. Only requests that read have it: what they began may be broken off when that
 * time is over, or when who asked has gone.
 */
export const TIMEOUT_HEADER = 'x-loom-timeout-ms';

const LONGEST_MS = 2 ** 31 - 1;

/** Undefined where the header says nothing that is understood. */
export function readTimeoutHeader(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Math.min(Number(value), LONGEST_MS) : undefined;
}
