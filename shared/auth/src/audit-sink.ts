import type { AuditEntry } from './audit-entry.js';

/**
 * Where subgraphs and the gateway send what belongs into the audit log, which the accounts subgraph keeps.
 *
 * 1. `record` returns at once and never throws: no request waits for the audit log, or fails with it.
 * 2. What is recorded arrives at least once while the bus answers within the sink's memory; each entry is counted once.
 * 3. The memory is bounded. What does not fit is dropped, oldest kept, counted in `loom_audit_dropped_total{reason}`, and said in the log itself by
 *    an entry `audit.drop` with the number, once there is room.
 * 4. Texts that are too long are clipped, e-mail addresses blotted out, details beyond 16 left out (`cleanEntry`): an entry is never refused.
 * 5. `flush` resolves when what was recorded before it has arrived or been given up; `close` flushes for a bounded time and takes nothing after that.
 */
export interface AuditSink extends AsyncDisposable {
  record(entry: AuditEntry): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}
