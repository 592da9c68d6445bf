import type { Figure } from '../../../tools/report/outcome.ts';
import type { BenchSettings } from '../workload/settings.ts';
import type { Size } from '../sizes.ts';

/** What one measurement gave. */
export interface Part {
  readonly figures: readonly Figure[];
  readonly notes: readonly string[];
  /** Wrong answers. Missed targets are found in the figures. */
  readonly failures: readonly string[];
}

export interface Run {
  readonly settings: BenchSettings;
  readonly size: Size;
  readonly seed: number;
  say(line: string): void;
}
