// errors
export { errorCatalogue, type ErrorCode, type ErrorCodeEntry } from './errors/catalogue.js';
export { DomainError, LoomError, StoreError, type StoreErrorKind } from './errors/loom-error.js';
// time and ids
export { systemClock, uuidSource, type Clock, type IdSource } from './clock.js';
// result pages
export * from './page.js';
// the rest
export { assertNever } from './assert-never.js';
export { probeHealth, type Health } from './health.js';
