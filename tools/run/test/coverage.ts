/** Coverage of lines by room, from Jest's `coverage-summary.json`. */
import { isAbsolute, relative } from 'node:path';

/** The part read here; keys are absolute paths, and `total`. */
export type CoverageSummary = Readonly<Record<string, { readonly lines: { readonly total: number; readonly covered: number } }>>;

export interface RoomCoverage {
  /** `shared` as a whole, or `shared/core`. */
  readonly room: string;
  readonly covered: number;
  readonly total: number;
  /** 0 to 100. */
  readonly percent: number;
}

/** Rooms whose lines must be covered. */
export const MEASURED_ROOMS = ['shared', 'subgraphs'] as const;
export const LEAST_PERCENT = 80;

/** One entry for each measured room, followed by one for each package of it. Rooms without lines are left out. */
export function coverageByRoom(summary: CoverageSummary, root: string): readonly RoomCoverage[] {
  const sums = new Map<string, { covered: number; total: number }>();
  for (const [path, { lines }] of Object.entries(summary)) {
    if (!isAbsolute(path)) continue;
    const [room = '', name = ''] = relative(root, path).split(/[/\\]/);
    for (const key of [room, `${room}/${name}`]) {
      const sum = sums.get(key) ?? { covered: 0, total: 0 };
      sums.set(key, { covered: sum.covered + lines.covered, total: sum.total + lines.total });
    }
  }
  return [...sums]
    .filter(([room, { total }]) => total > 0 && MEASURED_ROOMS.some((measured) => room === measured || room.startsWith(`${measured}/`)))
    .map(([room, { covered, total }]) => ({ room, covered, total, percent: (covered / total) * 100 }))
    .sort((a, b) => a.room.localeCompare(b.room));
}

/** The measured rooms, as wholes, that fall short. */
export function shortfalls(rooms: readonly RoomCoverage[]): readonly RoomCoverage[] {
  return rooms.filter(({ room, percent }) => (MEASURED_ROOMS as readonly string[]).includes(room) && percent < LEAST_PERCENT);
}

export function renderCoverage(rooms: readonly RoomCoverage[]): string {
  const width = Math.max(0, ...rooms.map(({ room }) => room.length)) + 4;
  const rows = rooms.map(({ room, covered, total, percent }) => {
    const label = room.includes('/') ? `  ${room}` : room;
    return `  ${label.padEnd(width)}${percent.toFixed(1).padStart(6)} %  ${covered}/${total}`;
  });
  return ['Coverage of lines:', ...rows].join('\n');
}
