import type { RelationalStore } from '@loomgraph/stores/relational';
import { setImmediate as breathe } from 'node:timers/promises';
import type { Projection } from '../projection/define-projection.js';
import { classify, type Expectation, type Observation } from './classify.js';
import { confirm, type ConfirmOptions } from './confirm.js';
import { inOrder } from './in-order.js';
import { expectationsOf, withEntries, type AuditDepth } from './observe.js';
import type { SourceRecord, SourceRecords } from './source-records.js';
import type { Report } from './tally.js';

/** Pages that are compared at once: while one waits for the target, the next is read and derived. */
const PAGES_AT_ONCE = 4;
const PAGE = 200;

/**
 * `source`: every record is looked up in the target. `target`: every live document is looked up in the source. Two passes by look-up need no common
 * order of keys; a merge of both in key order would, and MySQL, PostgreSQL, Neo4j and Redis order strings each by their own rules.
 */
export type AuditPhase = 'source' | 'target';

export interface WalkPosition {
  readonly phase: AuditPhase;
  /** Last key of the pages before; undefined at the beginning. */
  readonly after: string | undefined;
}

export interface WalkOptions extends ConfirmOptions {
  readonly store: RelationalStore;
  readonly projection: Projection;
  readonly source: SourceRecords;
  readonly depth: AuditDepth;
  readonly from?: WalkPosition;
  /** Awaited before each page of so many records: rate limits and cancellation. */
  readonly pace?: (records: number) => Promise<void>;
  readonly page?: number;
}

export interface WalkedPage extends Report {
  readonly phase: AuditPhase;
  /** Where to go on after this page. */
  readonly after: string;
  readonly records: number;
}

/** Compares a whole projection with its source, page by page; memory is bounded by the pages under way, and any page's end can be gone on from. */
export async function* walk(options: WalkOptions): AsyncGenerator<WalkedPage> {
  const from = options.from ?? { phase: 'source', after: undefined };
  if (from.phase === 'source') {
    yield* inOrder(sourcePages(options, from.after), PAGES_AT_ONCE, (page) => checkSourcePage(options, page));
  }
  const after = from.phase === 'target' ? from.after : undefined;
  yield* inOrder(targetPages(options, after), PAGES_AT_ONCE, (page) => checkTargetPage(options, page));
}

/** Compares these records alone, in both directions. */
export async function checkRecords(options: Omit<WalkOptions, 'source'>, ids: readonly string[]): Promise<Report> {
  const { store, projection, depth } = options;
  const expected = await expectationsOf(store, projection, ids);
  return confirmed(options, await withEntries(projection, ids, expected, depth));
}

/** An embedded database answers without leaving the microtasks: requests and timers would wait until the last page. */
async function* sourcePages(
  { source, pace, page = PAGE }: WalkOptions,
  start: string | undefined,
): AsyncGenerator<readonly SourceRecord[]> {
  let after = start;
  for (;;) {
    await pace?.(page);
    await breathe();
    const records = await source.page(after, page);
    if (records.length > 0) yield records;
    if (records.length < page) return;
    after = records.at(-1)?.id;
  }
}

async function checkSourcePage(options: WalkOptions, records: readonly SourceRecord[]): Promise<WalkedPage> {
  const { store, projection, depth } = options;
  const ids = records.map(({ id }) => id);
  const expected: ReadonlyMap<string, Expectation> =
    depth === 'revisions' ? new Map(records.map(({ id, revision }) => [id, { revision }])) : await expectationsOf(store, projection, ids);
  const report = await confirmed(options, await withEntries(projection, ids, expected, depth));
  return { ...report, phase: 'source', after: ids.at(-1) as string, records: ids.length };
}

interface TargetPage {
  readonly last: string;
  readonly live: readonly string[];
}

async function* targetPages({ projection, pace, page = PAGE }: WalkOptions, start: string | undefined): AsyncGenerator<TargetPage> {
  let after = start;
  for (;;) {
    await pace?.(page);
    await breathe();
    const entries = await projection.definition.target.scan({ limit: page, ...(after === undefined ? {} : { after }) });
    const last = entries.at(-1)?.id;
    if (last !== undefined) yield { last, live: entries.filter((entry) => !entry.deleted).map((entry) => entry.id) };
    if (entries.length < page) return;
    after = last;
  }
}

/** A live document whose record is there was compared when its record was walked; only those without one are looked at closely. */
async function checkTargetPage(options: WalkOptions, { last, live }: TargetPage): Promise<WalkedPage> {
  const existing = await options.source.existing(live);
  const alone = live.filter((id) => !existing.has(id));
  const report: Report = alone.length > 0 ? await checkRecords(options, alone) : { findings: [], owed: [] };
  return { ...report, phase: 'target', after: last, records: live.length };
}

function confirmed(options: Omit<WalkOptions, 'source'>, observations: readonly Observation[]): Promise<Report> {
  const { store, projection } = options;
  const forgets = projection.definition.target.forgets ?? false;
  const suspects = observations.filter((observation) => classify(observation, { forgets }) !== undefined);
  return confirm(store, projection, suspects, options);
}
