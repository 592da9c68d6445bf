import type { Metrics } from '@loomgraph/telemetry';
import { refuse, type Refusal } from '../request/refuse.js';
import type { InFlight } from './in-flight.js';

const SAMPLE_MS = 200;
/** One long pause is a large answer, or a start; several in a row are more work than there is time. */
const LATE_IN_A_ROW = 3;
const RETRY_AFTER_SECONDS = 1;

export interface OverloadSettings {
  /** 0: no limit. */
  readonly maxInFlight: number;
  /** Of the event loop; 0: no limit. */
  readonly maxLagMs: number;
}

/** Turns requests away before anything is done for them, while there is more to do than time for it; health is not asked here. */
export interface Overload {
  /** Undefined: the request may go on. It counts as in flight already. */
  refusalOf(requestId: string): Refusal | undefined;
  close(): void;
}

export function createOverload(deps: {
  readonly settings: OverloadSettings;
  readonly inFlight: InFlight;
  readonly metrics: Metrics;
}): Overload {
  const { settings, inFlight, metrics } = deps;
  const shed = metrics.counter('gateway_overload_refusals_total', 'Requests that were turned away unread.', ['reason']);
  shed.inc({ reason: 'in_flight' }, 0);
  shed.inc({ reason: 'lag' }, 0);
  const lag = createLagWatch(settings.maxLagMs);
  return {
    refusalOf(requestId) {
      const isFull = settings.maxInFlight > 0 && inFlight.busy() > settings.maxInFlight;
      if (!isFull && !lag.isLate()) return undefined;
      shed.inc({ reason: isFull ? 'in_flight' : 'lag' });
      return refuse({
        requestId,
        code: 'OVERLOADED',
        message: 'The gateway has more to do than it can; retry later.',
        details: { retryAfterSeconds: RETRY_AFTER_SECONDS },
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS), connection: 'close' },
        reason: 'overload',
      });
    },
    close: () => lag.close(),
  };
}

/** By how late a timer comes. */
function createLagWatch(maxLagMs: number): { isLate(): boolean; close(): void } {
  if (maxLagMs === 0) return { isLate: () => false, close: () => undefined };
  let expectedAt = performance.now() + SAMPLE_MS;
  let lateInARow = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    lateInARow = now - expectedAt > maxLagMs ? lateInARow + 1 : 0;
    expectedAt = now + SAMPLE_MS;
  }, SAMPLE_MS).unref();
  return { isLate: () => lateInARow >= LATE_IN_A_ROW, close: () => clearInterval(timer) };
}
