import { readdirSync, readFileSync } from 'node:fs';
import { cpuSeconds, rssMb } from '../../../tools/harness/process-usage.ts';

/** A process and all that it started, as of now; the process alone where there is no `/proc`. */
export function processTree(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of parents()) {
    const known = children.get(parent);
    if (known) known.push(child);
    else children.set(parent, [child]);
  }
  const tree: number[] = [];
  const queue = [pid];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    tree.push(next);
    queue.push(...(children.get(next) ?? []));
  }
  return tree;
}

/** CPU seconds of a tree, user and system, all threads; NaN where there is no `/proc`. */
export const treeCpuSeconds = (pid: number): number => processTree(pid).reduce((sum, one) => sum + cpuSeconds(one), 0);

/** Resident memory of a tree in MB; pages that its processes share count in each. */
export const treeRssMb = (pid: number): number => processTree(pid).reduce((sum, one) => sum + rssMb(one), 0);

function parents(): readonly (readonly [child: number, parent: number])[] {
  let names: readonly string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return []; // not Linux
  }
  return names.flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const];
    } catch {
      return []; // ended meanwhile
    }
  });
}
