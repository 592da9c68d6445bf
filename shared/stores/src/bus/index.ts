export * from './port.js';
export type { RetryDelays } from './keyed-lanes.js';
export { createMemoryBus, type MemoryBus, type MemoryBusOptions } from './memory.js';
