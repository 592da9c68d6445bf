const SLOWEST = 8;
const JITTER = 0.1;

/**
 * How long to wait before the next reading: the interval; after failures twice, four and at most eight times that. Spread by a tenth, so that
 * many gateways that were started together do not ask together.
 * @param random 0 to 1
 */
export function pollDelayMs(options: { readonly intervalMs: number; readonly failures: number; readonly random: number }): number {
  const { intervalMs, failures, random } = options;
  return intervalMs * Math.min(2 ** failures, SLOWEST) * (1 - JITTER + 2 * JITTER * random);
}
