// capture
export { defineRecord, type RecordType } from './record.js';
export { ChangeCapture } from './outbox/capture.js';
export { OutboxRow } from './outbox/row.js';
export { touchRecords } from './outbox/touch-records.js';
export { syncMigrations } from './schema/index.js';
export { createUnitOfWork, type Transaction, type UnitOfWork } from './unit-of-work.js';
// projections
export {
  defineProjection,
  type ProjectedDocument,
  type Projection,
  type ProjectionDefinition,
  type ProjectionTarget,
  type SourceDocument,
} from './projection/define-projection.js';
export { fingerprint } from './projection/fingerprint.js';
export { defaultPolicy, exponential, type ProjectionPolicy } from './projection/policy.js';
export { cacheTarget, type CacheTargetOptions } from './projection/targets/cache.js';
export { graphTarget, type GraphContent } from './projection/targets/graph.js';
export { vectorTarget, type TextEmbedder, type VectorContent } from './projection/targets/vectors.js';
// delivery
export { Relay, type RelayOptions } from './relay/relay.js';
export { isQuiet, readStatus, type AuditStatus, type ProjectionStatus } from './status.js';
export { applyOnce } from './inbox/apply-once.js';
