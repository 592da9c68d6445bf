import type { Random } from '../../../harness/random.ts';

const EVERY_MS = { from: 1_500, to: 6_000 };
const JUMP_MS = 15 * 60_000;

/** Sets this process's wall clock forward and back: what decides must be the database's clock or a monotonic one. */
export function startClockJumps({ random, report }: { random: Random; report: (kind: string) => void }): void {
  const now = Date.now.bind(Date);
  let offset = 0;
  Date.now = () => now() + offset;
  const jump = (): void => {
    offset = random.integer(-JUMP_MS, JUMP_MS);
    report(offset < 0 ? 'clock back' : 'clock forward');
    setTimeout(jump, random.integer(EVERY_MS.from, EVERY_MS.to)).unref();
  };
  setTimeout(jump, random.integer(EVERY_MS.from, EVERY_MS.to)).unref();
}
