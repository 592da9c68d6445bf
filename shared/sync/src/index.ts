// capture
export { defineRecord, type RecordType } from './record.js';
export { ChangeCapture } from './outbox/capture.js';
export { OutboxRow } from './outbox/row.js';
export { touchRecords } from './outbox/touch-records.js';
export { syncMigrations } from './schema/index.js';
export { createUnitOfWork, type Transaction, type UnitOfWork } from './unit-of-work.js';
export { captureTriggers, dropCaptureTriggers } from './capture/capture-triggers.js';
export { OwnWrites } from './capture/own-writes.js';
export { touchWhere, type TouchedRecords } from './capture/touch-where.js';
// reading one's own writes
export { openEngines } from './token/open-engines.js';
export { SyncTokens, type OpenEngine, type ProjectionNames, type WaitOptions } from './token/sync-tokens.js';
export { recordWrites } from './token/written.js';
// projections
export {
  defineProjection,
  type Dependents,
  type ProjectedDocument,
  type Projection,
  type ProjectionDefinition,
  type ProjectionTarget,
  type SourceDocument,
  type Trigger,
} from './projection/define-projection.js';
export { fingerprint } from './projection/fingerprint.js';
export { defaultPolicy, exponential, type ProjectionPolicy } from './projection/policy.js';
export { cacheTarget, type CacheTargetOptions } from './projection/targets/cache.js';
export { graphTarget, type GraphContent } from './projection/targets/graph.js';
export { vectorTarget, type TextEmbedder, type VectorContent } from './projection/targets/vectors.js';
// delivery
export { Relay, type RelayOptions } from './relay/relay.js';
export { TargetLimits, type TargetLimitsOptions } from './relay/target-limits.js';
export { type BreakerState, type BreakerStatus } from './relay/breaker.js';
export { type FaultPoint, type Faults } from './relay/faults.js';
export { type Retention } from './relay/housekeeping.js';
// dead letters
export { deadLetters, type DeadLetters } from './dead-letters/dead-letters.js';
export { type DeadLetter, type DeadLetterDetail, type DeadLetterFilter, type DeadLetterKind } from './dead-letters/dead-letter.js';
export { type DeadLetterPage } from './dead-letters/list.js';
export { type DeadLetterLogEntry, type DeadLetterLogPage } from './dead-letters/log.js';
// state
export { isQuiet, readStatus, type AuditStatus, type ProjectionStatus } from './status.js';
export { applyOnce } from './inbox/apply-once.js';
// audits and jobs
export { Auditor, type AuditorOptions } from './audit/auditor.js';
export { driftClasses, type DriftClass } from './audit/classify.js';
export { type AuditDepth } from './audit/observe.js';
export { jobKinds, jobStates, type Job, type JobKind, type JobOptions, type JobState } from './jobs/job.js';
export { JobRunner, type JobRunnerOptions, type Replay } from './jobs/job-runner.js';
export { jobs, type JobFilter, type JobPage, type Jobs, type NewJob } from './jobs/jobs.js';
export { type CheckResult, type ProjectionCheck } from './jobs/run-check.js';
export { type RebuildResult } from './jobs/run-rebuild.js';
// versions
export { defineVersionedProjection, type VersionedTargets } from './versions/define-versioned.js';
export { versionedCache, type VersionedCache, type VersionedCacheOptions } from './versions/versioned-cache.js';
export {
  openVersionedVectors,
  type EmbeddingModel,
  type LiveVectors,
  type VectorReader,
  type VersionedVectors,
  type VersionedVectorsOptions,
} from './versions/versioned-vectors.js';
// consumers
export {
  defineConsumer,
  type Consumer,
  type ConsumerDefinition,
  type ConsumerPolicy,
  type HandlerContext,
} from './consumer/define-consumer.js';
export { ConsumerHost, type ConsumerHostOptions, type ReplayResult } from './consumer/consumer-host.js';
export { readConsumers, type ConsumerStatus } from './consumer/consumer-status.js';
export { listDeadEvents, type DeadEvent, type DeadEventFilter } from './consumer/dead-events.js';
export type { ConsumedEvent, EventMiddleware, EventOutcome, NextMiddleware } from './consumer/middleware.js';
export type { ReplayOptions } from './consumer/replay.js';
export { INBOX_HORIZON_MS } from './inbox/horizon.js';
// tasks: what is to be done after a commit, in whichever process
export { enqueueTask, type NewTask } from './tasks/enqueue-task.js';
export { TaskRunner, type Task, type TaskAgain, type TaskContext, type TaskHandler, type TaskRunnerOptions } from './tasks/task-runner.js';
export { wakeTasks } from './tasks/wake-tasks.js';
export { taskMigration } from './tasks/tasks-table.js';
