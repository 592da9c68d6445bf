import type { CompiledPart, CompiledDeferPlan } from './compile-defer-plan.js';
import type { OperationRun } from '../operation-run.js';

export interface DeferRunOptions {
  /** For the fetches of one part: the data are shared, its errors are its own. */
  readonly openRun: () => OperationRun;
  /** What the first part fetches has been merged. */
  readonly onFirstPart: (run: OperationRun) => void;
  /** What is planned under a label has been merged, and so has all that it stands in. */
  readonly onPart: (label: string, run: OperationRun) => void;
  readonly isCancelled: () => boolean;
}

/** Runs a plan: each deferred part as soon as the fetches it starts from have answered. */
export function runDeferPlan(plan: CompiledDeferPlan, options: DeferRunOptions): void {
  const { openRun, onFirstPart, onPart, isCancelled } = options;
  const fetched = new Set<string>();
  const waiting = new Set<{ readonly depends: readonly string[]; readonly start: () => void }>();
  const startWhatCan = (): void => {
    for (const part of waiting) {
      if (!part.depends.every((id) => fetched.has(id))) continue;
      waiting.delete(part);
      if (!isCancelled()) part.start();
    }
  };

  /** `onPrimary` is called when the scope's own fetches are merged. */
  const runScope = ({ primary, fetchIds, parts }: CompiledDeferPlan, onPrimary: (run: OperationRun) => void): void => {
    const primaryDone = Promise.withResolvers<void>();
    for (const part of parts) waiting.add({ depends: part.depends, start: () => runPart(part, primaryDone.promise) });
    const run = openRun();
    run.onFetched = (id) => {
      fetched.add(id);
      startWhatCan();
    };
    const done = (): void => {
      onPrimary(run);
      primaryDone.resolve();
      // Fetches that @skip and @include kept from being sent, too.
      for (const id of fetchIds) fetched.add(id);
      startWhatCan();
    };
    if (primary === undefined) done();
    else primary(run, done);
  };

  const runPart = ({ label, plan: inner }: CompiledPart, around: Promise<void>): void => {
    runScope(inner, (run) => void around.then(() => onPart(label, run)));
  };

  runScope(plan, onFirstPart);
}
