export { browserPath } from './browser-path.js';
export { leaveOutWithout, realStore, realStoreKeys, type RealStoreKey } from './real-store.js';
export { relationalBackends, type RelationalBackend } from './relational-backends.js';
export { createMemoryTarget, type MemoryTarget } from './memory-target.js';
export { waitFor } from './wait-for.js';
