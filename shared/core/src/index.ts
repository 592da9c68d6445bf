// errors
export { errorCatalogue, type ErrorCode, type ErrorCodeEntry } from './errors/catalogue.js';
export { DomainError, LoomError, StoreError, type StoreErrorKind } from './errors/loom-error.js';
// time and ids
export { systemClock, uuidSource, type Clock, type IdSource } from './clock.js';
// result pages
export * from './page.js';
// what of a list somebody may see
export { matchesFilter, type FilteredResource, type ResourceFilter, type ResourceMatch } from './resource-filter.js';
// reading one's own writes
export { decodeSyncToken, encodeSyncToken, mergeSyncTokens, type SyncPosition, type SyncToken } from './sync-token/codec.js';
export {
  DEFAULT_SYNC_WAIT_MS,
  MAX_SYNC_WAIT_MS,
  readSyncExtension,
  readSyncHeaders,
  syncHeaders,
  toSyncHeaders,
  type OnSyncTimeout,
  type SyncRequest,
} from './sync-token/request.js';
export { mergeSyncAnswers, readSyncAnswer, type StaleRead, type StaleReason, type SyncAnswer } from './sync-token/answer.js';
// the rest
export { assertNever } from './assert-never.js';
export { networkOf } from './network-of.js';
export { probeHealth, type Health } from './health.js';
export { readTimeoutHeader, TIMEOUT_HEADER } from './timeout-header.js';
