import type { StoresKind } from '../../report/options.ts';
import type { Outcome } from '../../report/outcome.ts';
import type { FaultLog } from '../sync/faults/fault-log.ts';
import type { Violation, ViolationKind } from './check/find-violations.ts';
import type { Planting } from './check/plantings.ts';
import type { RecordState } from './check/record-state.ts';
import { neverHit, type Step } from './faults/steps.ts';
import type { Journal } from './journal.ts';

const SHOWN = 12;

export interface Findings {
  readonly seed: number;
  readonly kind: StoresKind;
  readonly log: FaultLog;
  readonly steps: readonly Step[];
  readonly journal: Journal;
  readonly state: RecordState;
  readonly violations: readonly Violation[];
  /** Workers that ended by themselves, or logged an error. */
  readonly failures: readonly string[];
  readonly quietSeconds: number | undefined;
  readonly chaosSeconds: number;
  readonly planted: readonly Planting[];
  /** Of what was planted, what the check did not find. */
  readonly missed: readonly string[];
  /** A long run that had its time must have hit every step. */
  readonly isLong: boolean;
}

/** Figures and failures of a run. */
export function describeRun(findings: Findings): Outcome {
  const { seed, kind, log, steps, journal, state, violations, failures, quietSeconds, chaosSeconds, planted, missed, isLong } = findings;
  const countOf = (one: ViolationKind): number => violations.filter((violation) => violation.kind === one).length;
  const completed = journal.completed();
  const answers = state.suggestions.filter(({ state: is }) => is !== 'queued').length;
  return {
    figures: [
      { name: 'kills', value: log.total, meaning: `kill -9 of processes of the resumes subgraph (${kind} stores, seed ${seed})` },
      { name: 'uploads', value: completed.length, meaning: 'uploads that were answered as completed' },
      { name: 'suggestions', value: journal.suggestions.length, meaning: 'suggestions that were asked for and acknowledged' },
      {
        name: 'lost',
        value: countOf('lost'),
        meaning: 'completed uploads, suggestions and feedback that are not there, or not as they were',
      },
      {
        name: 'orphans',
        value: countOf('orphan'),
        meaning: 'objects without a row, rows without an object or owner, leftovers of deletions',
      },
      { name: 'doubled', value: countOf('doubled'), meaning: 'files, versions, suggestions, outcomes or feedback that are there twice' },
      {
        name: 'unfinished',
        value: countOf('unfinished'),
        meaning: 'versions not understood, suggestions without the right end, tasks left',
      },
      {
        name: 'deleted',
        value: completed.filter((upload) => journal.isGone(upload)).length,
        meaning: 'of the completed uploads, those deleted again',
      },
      { name: 'erased', value: journal.erasedUsers.size, meaning: 'users that were erased' },
      { name: 'answered', value: answers, meaning: 'suggestions that are there at the end, done or failed' },
      { name: 'planted', value: planted.length, meaning: 'kinds of damage done on purpose after the check' },
      { name: 'found', value: planted.length - missed.length, meaning: 'of these, found by the same check' },
      { name: 'quiet.seconds', value: quietSeconds ?? -1, meaning: 'from the last kill until nothing was owed; -1: not in time' },
    ],
    notes: [
      `kills by step: ${[...steps, 'moment'].map((step) => `${step} ${log.hits(step)}`).join(', ')}`,
      `the killing took ${chaosSeconds.toFixed(0)} s`,
    ],
    failures: [
      ...(['lost', 'orphan', 'doubled', 'unfinished'] as const).flatMap((one) =>
        shown(
          one,
          violations.filter((violation) => violation.kind === one).map(({ what }) => what),
        ),
      ),
      ...shown('unexpected', journal.unexpected),
      ...shown('worker', failures),
      ...shown('not found though planted', missed),
      ...(quietSeconds === undefined ? ['something was still owed when the time was up'] : []),
      ...(completed.length === 0 || journal.suggestions.length === 0 ? ['nothing was uploaded or asked: the drill shows nothing'] : []),
      ...(isLong ? shown('nobody was killed at', neverHit(steps, log)) : []),
    ],
  };
}

function shown(what: string, lines: readonly string[]): string[] {
  const first = lines.slice(0, SHOWN).map((line) => `${what}: ${line}`);
  return lines.length > SHOWN ? [...first, `${what}: ${lines.length - SHOWN} more`] : first;
}
