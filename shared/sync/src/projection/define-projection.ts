import type { EntityManager } from '@mikro-orm/sql';
import type { ApplyOutcome, ScanEntry } from '@loomgraph/stores/vectors';
import { defaultPolicy, type ProjectionPolicy } from './policy.js';

/** A record's current state, as a projection needs it. */
export interface SourceDocument<Source> {
  readonly id: string;
  readonly revision: number;
  readonly value: Source;
}

/** What a target stores for a record, with what it was derived from. */
export interface ProjectedDocument<Content> {
  readonly id: string;
  readonly revision: number;
  readonly fingerprint: string;
  readonly content: Content;
}

/**
 * Where a projection puts its documents. Both writes are fenced by revision and answer per item, in order; a document of the stored revision
 * with another fingerprint is written, since what it was derived by or from may have changed while the record did not. They reject for the
 * whole batch: with a retryable error when the target is away, with another when a document is at fault.
 */
export interface ProjectionTarget<Content> {
  readonly kind: 'vectors' | 'graph' | 'cache' | 'search';
  /** Part of the projection's version: a change of it (another model, say) asks for a rebuild. */
  readonly identity: string;
  apply(documents: readonly ProjectedDocument<Content>[]): Promise<ApplyOutcome[]>;
  remove(tombstones: readonly { id: string; revision: number }[]): Promise<ApplyOutcome[]>;
  /** Live documents and tombstones in id order, for audits. */
  scan(options: { after?: string; limit: number }): Promise<ScanEntry[]>;
}

export interface ProjectionDefinition<Source, Content> {
  /** Stable: deliveries, metrics and dead letters carry it. */
  readonly name: string;
  /** Raised when `derive` or `load` change their meaning; every record is then projected again. */
  readonly version: number;
  /** The record type whose changes feed it. */
  readonly source: string;
  /** Projections that must have applied a record's change before this one looks at it. */
  readonly after?: readonly string[];
  /** The current state of the records; one that is left out is deleted. */
  readonly load: (ids: readonly string[], em: EntityManager) => Promise<readonly SourceDocument<Source>[]>;
  /** Pure: the same source gives the same content. */
  readonly derive: (source: Source) => Content;
  readonly target: ProjectionTarget<Content>;
  readonly policy?: Partial<ProjectionPolicy>;
}

export interface Projection {
  readonly name: string;
  readonly source: string;
  readonly after: readonly string[];
  readonly policy: ProjectionPolicy;
  /** Changes when records must be projected again. */
  readonly versionKey: string;
  readonly definition: ProjectionDefinition<unknown, unknown>;
}

/** Declares derived state: live sync, backfill, repair and rebuild all run through it. */
export function defineProjection<Source, Content>(definition: ProjectionDefinition<Source, Content>): Projection {
  return {
    name: definition.name,
    source: definition.source,
    after: definition.after ?? [],
    policy: { ...defaultPolicy, ...definition.policy },
    versionKey: `${definition.version}:${definition.target.identity}`,
    definition: definition as ProjectionDefinition<unknown, unknown>, // Source and Content meet only inside one definition
  };
}
