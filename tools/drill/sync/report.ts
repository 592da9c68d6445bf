import type { Outcome } from '../../report/outcome.ts';
import type { TargetReport } from '../smoke/check-targets.ts';
import type { Divergence } from '../smoke/compare-projection.ts';
import type { ChaosReport } from './chaos.ts';
import type { EffectReport } from './check/effects.ts';
import type { FaultLog } from './faults/fault-log.ts';
import { neverHit, STEPS } from './faults/steps.ts';
import type { DriftReport } from './repair.ts';

export interface Findings {
  readonly chaos: ChaosReport;
  readonly violations: readonly string[];
  readonly quietSeconds: number | undefined;
  readonly quietAgain: number | undefined;
  /** Dead letters there were before the poison was cured. */
  readonly dead: number;
  readonly targets: TargetReport;
  readonly effects: EffectReport;
  /** What the auditors of the workers found by themselves while they ran. */
  readonly drifted: readonly { readonly where: string; readonly count: number }[];
}

export interface Drift {
  readonly planted: number;
  readonly found: DriftReport;
  /** What a check still finds after the repair. */
  readonly left: DriftReport;
  readonly divergedAfterRepair: readonly Divergence[];
}

const SHOWN = 12;
/** A run of so many faults must have hit every step. */
const MANY_FAULTS = 1_000;

/** Figures and failures of a run; `drift` is undefined where nothing was planted. */
export function describeRun(findings: Findings, { log, seed, drift }: { log: FaultLog; seed: number; drift: Drift | undefined }): Outcome {
  const { chaos, targets, effects, quietSeconds, quietAgain, dead } = findings;
  const lost = targets.divergences.filter(({ kind }) => kind === 'missing').length + effects.lost;
  const stale = targets.divergences.filter(({ kind }) => kind !== 'missing').length;
  const drifted = findings.drifted.reduce((sum, { count }) => sum + count, 0);
  const overlaps = [...chaos.violations, ...findings.violations];
  return {
    figures: [
      { name: 'faults', value: log.total, meaning: `faults injected into two relays, their stores, bus and clocks (seed ${seed})` },
      { name: 'records', value: chaos.written, meaning: 'writes that were committed meanwhile' },
      { name: 'killed', value: chaos.deaths, meaning: 'relay processes that died of kill -9' },
      { name: 'lost', value: lost, meaning: 'records without their document, events without their effect' },
      { name: 'doubled', value: effects.doubled, meaning: 'events whose effect is there twice' },
      { name: 'regressions', value: chaos.regressions.length, meaning: `documents seen older than before, in ${chaos.looks} looks` },
      { name: 'staleAfterQuiet', value: stale, meaning: 'documents that are not what their record gives, after quiet' },
      { name: 'deadLetters', value: dead, meaning: 'records the provider would not take; retried when it would' },
      {
        name: 'driftedByItself',
        value: drifted,
        meaning: 'documents the auditors found wrong during the faults; nobody had damaged any',
      },
      { name: 'compared', value: targets.compared, meaning: 'documents compared with their record' },
      { name: 'quiet.seconds', value: quietSeconds ?? -1, meaning: 'from the end of the faults until nothing was owed; -1: not in time' },
      ...(drift
        ? [
            {
              name: 'driftPlanted',
              value: drift.planted,
              meaning: 'documents damaged behind the engine, in every target and of every class',
            },
            { name: 'driftFound', value: drift.found.found, meaning: 'of these, found by the auditor' },
            { name: 'driftRepaired', value: Math.max(0, drift.planted - drift.left.found), meaning: 'of these, right after the repair' },
          ]
        : []),
    ],
    notes: [
      `faults by kind: ${Object.entries(log.byAction)
        .map(([kind, count]) => `${kind} ${count}`)
        .join(', ')}`,
      `faults by step: ${STEPS.map((step) => `${step} ${log.hits(step)}`).join(', ')}`,
      `chaos took ${chaos.seconds.toFixed(0)} s`,
    ],
    failures: [
      ...shown('regression', chaos.regressions),
      ...shown('violation', overlaps),
      ...shown('diverged', targets.divergences.map(describeDivergence)),
      ...findings.drifted.map(({ where, count }) => `the auditors found ${count} documents wrong that nobody had damaged: ${where}`),
      ...shown('an auditor said', drifted > 0 ? chaos.drifts : []),
      ...(effects.lost > 0 ? [`${effects.lost} effects of events are missing`] : []),
      ...(effects.doubled > 0 ? [`${effects.doubled} effects of events are there twice`] : []),
      ...(quietSeconds === undefined || quietAgain === undefined ? ['projections still owed records when the time was up'] : []),
      ...(targets.deadLetters > 0 ? [`${targets.deadLetters} dead letters are left`] : []),
      ...(targets.outboxRows + targets.deliveryRows > 0
        ? [`${targets.outboxRows} outbox rows and ${targets.deliveryRows} deliveries are left`]
        : []),
      ...(log.total < MANY_FAULTS ? [] : shown('never hit', neverHit(log))),
      ...shown('audit', drift?.found.differences ?? []),
      ...shown('left after the repair', drift?.left.differences ?? []),
      ...shown('after repair', (drift?.divergedAfterRepair ?? []).map(describeDivergence)),
    ],
  };
}

const describeDivergence = ({ projection, id, kind, detail }: Divergence): string => `${projection} ${id} is ${kind}: ${detail}`;

function shown(what: string, lines: readonly string[]): string[] {
  const first = lines.slice(0, SHOWN).map((line) => `${what}: ${line}`);
  return lines.length > SHOWN ? [...first, `${what}: ${lines.length - SHOWN} more`] : first;
}
