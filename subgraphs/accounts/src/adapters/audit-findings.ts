import type { AuditFinding } from '../domain/audit.js';

const KEPT = 100;

/** What was found: the first 100, neighbours of one kind as one, and how many there are. */
export interface Findings {
  readonly list: readonly AuditFinding[];
  readonly count: number;
  add(kind: AuditFinding['kind'], from: number, to: number, message: string): void;
}

export function createFindings(): Findings {
  const list: AuditFinding[] = [];
  let count = 0;
  return {
    list,
    get count() {
      return count;
    },
    add(kind, from, to, message) {
      // A chain that was shifted breaks at every record from there on.
      const neighbour =
        kind === 'edited' || kind === 'broken-link' ? list.findLastIndex((one) => one.kind === kind && one.to === from - 1) : -1;
      const before = list[neighbour];
      if (before !== undefined) {
        list[neighbour] = { ...before, to };
        return;
      }
      count += 1;
      if (list.length < KEPT) list.push({ kind, from, to, message });
    },
  };
}
