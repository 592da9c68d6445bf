import { duration, integer, setting } from '@loomgraph/config';

/** When requests are turned away (docs/traffic.md). */
export const overloadSettings = {
  maxInFlight: setting({
    env: 'OVERLOAD_IN_FLIGHT',
    schema: integer({ min: 0 }),
    default: 10_000,
    doc: 'With as many requests in flight further ones are refused (503, `Retry-After`); 0: none is.',
  }),
  maxLagMs: setting({
    env: 'OVERLOAD_LAG',
    schema: duration(),
    default: '2s',
    doc: 'While the event loop is late by this much, three times one after the other, requests are refused (503, `Retry-After`); 0: none is.',
  }),
};
