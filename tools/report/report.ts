import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Table from 'cli-table3';
import { currentCommit, describeMachine, projectVersion, type Machine } from './machine.ts';
import type { Figure, Outcome } from './outcome.ts';

/** What `--json` writes. */
export interface Report {
  readonly figures: Readonly<Record<string, number>>;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly commit: string;
  readonly command: string;
  readonly at: string;
  readonly notes: readonly string[];
  readonly failures: readonly string[];
}

/** @throws Error when two figures have one name, or one is no number: a report must not hide that */
export function createReport(outcome: Outcome, run: { command: string; at: Date }): Report {
  const figures: Record<string, number> = {};
  for (const { name, value } of outcome.figures) {
    if (name in figures) throw new Error(`Figure ${name} was reported twice.`);
    if (!Number.isFinite(value)) throw new Error(`Figure ${name} is ${value}.`);
    figures[name] = rounded(value);
  }
  return {
    figures,
    machine: describeMachine(),
    versions: { loomgraph: projectVersion(), node: process.versions.node, ...outcome.versions },
    commit: currentCommit(),
    command: run.command,
    at: run.at.toISOString(),
    notes: outcome.notes,
    failures: outcome.failures,
  };
}

/** Writes a report; the folder is made when it is not there. */
export function writeReport(path: string, report: Report): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

/** Figures as a table, then what there is to say about them. */
export function renderOutcome({ figures, notes, failures }: Outcome): string {
  const table = new Table({
    head: ['figure', 'value', 'what it is'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'left'],
  });
  for (const figure of figures) table.push([figure.name, formatValue(figure), figure.meaning]);
  return [
    ...(figures.length > 0 ? [table.toString()] : []),
    ...notes.map((note) => `  · ${note}`),
    ...failures.map((failure) => `  ✗ ${failure}`),
    failures.length === 0 ? '✓ all answers and invariants checked: none wrong' : `✗ ${failures.length} failed`,
  ].join('\n');
}

/** Whole numbers as they are, others to what their size makes worth reading. */
function formatValue({ value }: Figure): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2 });
}

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
