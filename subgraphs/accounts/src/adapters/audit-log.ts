import type { Clock } from '@loomgraph/core';
import type { Objects } from '@loomgraph/stores/objects';
import type { RelationalStore } from '@loomgraph/stores/relational';
import type { Consumer } from '@loomgraph/sync';
import type { Logger, Metrics } from '@loomgraph/telemetry';
import type { EntityManager } from '@mikro-orm/sql';
import type { AuditAppender, AuditReader, AuditVerifier } from '../domain/audit.js';
import { createAuditAppender } from '../store/audit/append.js';
import { createAuditReader } from '../store/audit/reader.js';
import { createAuditAnchoring, type AuditAnchoring } from './audit-anchoring.js';
import { createAuditAnchors } from './audit-anchors.js';
import { auditConsumer } from './audit-consumer.js';
import { createAuditVerifier } from './audit-verifier.js';

export interface AuditLogOptions {
  readonly store: RelationalStore;
  /** The second store, for anchors. */
  readonly objects: () => Promise<Objects>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Where anchors are kept; installations that share a bucket need one each. Default `audit`. */
  readonly prefix?: string;
  /** The longest a record waits for an anchor. Default 60 s. */
  readonly anchorEveryMs?: number;
}

/** The audit log of an installation: writing, reading, anchoring, verifying, and taking what other processes send. */
export interface AuditLog {
  /** For use within a transaction; append last. */
  in(em: EntityManager): AuditAppender;
  readonly reader: AuditReader;
  readonly verifier: AuditVerifier;
  readonly anchoring: AuditAnchoring;
  readonly consumer: Consumer;
}

export function createAuditLog(options: AuditLogOptions): AuditLog {
  const { store, objects, clock, logger, metrics, prefix = 'audit', anchorEveryMs = 60_000 } = options;
  const anchors = createAuditAnchors({ objects, prefix });
  return {
    in: (em) => createAuditAppender(em, { store, clock }),
    reader: createAuditReader(store),
    verifier: createAuditVerifier({ store, anchors }),
    anchoring: createAuditAnchoring({ store, anchors, clock, logger, metrics, everyMs: anchorEveryMs }),
    consumer: auditConsumer({ store, clock }),
  };
}
