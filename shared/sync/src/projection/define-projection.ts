import type { EntityManager } from '@mikro-orm/sql';
import type { ApplyOutcome, PurgeOptions, ScanEntry, ScanOptions, Tombstone, VerifyOptions, WriteOrder } from '@loomgraph/stores/vectors';
import { defaultPolicy, type ProjectionPolicy } from './policy.js';

/** A record's current state, as a projection needs it. */
export interface SourceDocument<Source> {
  readonly id: string;
  readonly revision: number;
  readonly value: Source;
}

/** What a target stores for a record, with what it was derived from. */
export interface ProjectedDocument<Content> extends WriteOrder {
  readonly id: string;
  readonly fingerprint: string;
  readonly content: Content;
}

export interface ApplyOptions {
  /** To be awaited before anything is written, with the ids of the documents whose content is about to change: others depend on it. */
  readonly announce?: (ids: readonly string[]) => Promise<void>;
}

/**
 * Where a projection puts its documents. Both writes are fenced by revision, then by fence number, and answer per item, in order; a document
 * that `replaces` is written exactly when that is what is stored. They reject for the whole batch: with a retryable error when the target is
 * away, with another when a document is at fault.
 */
export interface ProjectionTarget<Content> {
  readonly kind: 'vectors' | 'graph' | 'cache' | 'search';
  /** Targets that name the same store share its breaker and take turns; one that names none is alone. */
  readonly store?: string;
  /** Part of the projection's version: a change of it (another model, say) asks for a rebuild. */
  readonly identity: string;
  /** Whether `apply` compares contents and calls `announce` itself; else every document is announced before it. */
  readonly announces?: boolean;
  apply(documents: readonly ProjectedDocument<Content>[], options?: ApplyOptions): Promise<ApplyOutcome[]>;
  remove(tombstones: readonly Tombstone[]): Promise<ApplyOutcome[]>;
  /** What is stored for each id, in their order, tombstones included; `null` where there is nothing. */
  entries(ids: readonly string[], options?: VerifyOptions): Promise<(ScanEntry | null)[]>;
  /** Live documents and tombstones in id order, for audits. */
  scan(options: ScanOptions): Promise<ScanEntry[]>;
  /** Forgets tombstones older than any write can be late, at most `limit` a call; answers how many. Absent where they go by themselves. */
  purgeTombstones?(options: PurgeOptions): Promise<number>;
  /** Deletes the storage of this version. */
  drop?(): Promise<void>;
  /** Whether documents go by themselves (expiry, eviction): absence is no drift then. */
  readonly forgets?: boolean;
}

/** Page of the records that depend on others: those after `after`, in ascending order, at most `limit`. */
export interface DependentsPage {
  readonly after?: string;
  readonly limit: number;
}

/** Records that depend on others, where that they are due is not all that must be known of them. */
export interface Dependents {
  readonly ids: readonly string[];
  /**
   * Writes in the transaction that makes them due, so that neither is ever there without the other. Run again when that loses a deadlock; it reads and
   * writes through `em` only.
   */
  readonly alongside: (em: EntityManager) => Promise<void>;
}

/** What else makes records due, beside their own changes. */
export interface Trigger {
  /**
   * A record type, whose every change counts; or another projection of the same source, of which what it is about to write counts, when its
   * content changes.
   */
  readonly on: string;
  /** Changed records that one search is for. Default 64. */
  readonly batch?: number;
  /** The records of the source that depend on these, in ascending order of their ids. They may have been deleted. It changes nothing by itself. */
  readonly ids: (changed: readonly string[], em: EntityManager, page: DependentsPage) => Promise<readonly string[] | Dependents>;
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
  readonly triggers?: readonly Trigger[];
  /** The current state of the records; one that is left out is deleted. */
  readonly load: (ids: readonly string[], em: EntityManager) => Promise<readonly SourceDocument<Source>[]>;
  /** Pure: the same source gives the same content. */
  readonly derive: (source: Source) => Content;
  readonly target: ProjectionTarget<Content>;
  readonly policy?: Partial<ProjectionPolicy>;
}

export interface Projection {
  /** What its deliveries carry: the definition's name, or, for a version that is built beside the live one, `<name>@<hash>`. */
  readonly name: string;
  /** The projection that this one builds a version of. */
  readonly of?: string;
  /** Set where each version has a storage of its own; elsewhere a new version is written over the one before. */
  readonly storages?: VersionStorages;
  readonly source: string;
  readonly after: readonly string[];
  readonly triggers: readonly Trigger[];
  readonly policy: ProjectionPolicy;
  /** Changes when records must be projected again. */
  readonly versionKey: string;
  readonly definition: ProjectionDefinition<unknown, unknown>;
}

/** The storages of a projection's versions, whichever of them this process has code for. */
export interface VersionStorages {
  /** Deletes what a version stored; one that is gone already is no error. */
  drop(versionKey: string): Promise<void>;
}

/** Declares derived state: live sync, backfill, repair and rebuild all run through it. */
export function defineProjection<Source, Content>(definition: ProjectionDefinition<Source, Content>): Projection {
  return {
    name: definition.name,
    source: definition.source,
    after: definition.after ?? [],
    triggers: definition.triggers ?? [],
    policy: { ...defaultPolicy, ...definition.policy },
    versionKey: `${definition.version}:${definition.target.identity}`,
    definition: definition as ProjectionDefinition<unknown, unknown>, // Source and Content meet only inside one definition
  };
}
