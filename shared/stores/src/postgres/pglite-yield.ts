import { setImmediate } from 'node:timers/promises';
import type { PGlite } from '@electric-sql/pglite';

/** How long statements may follow each other before sockets and timers have their turn. */
const TURN_MS = 5;

/**
 * Statements of an embedded database end without waiting for anything outside, so a loop that awaits nothing else keeps its whole process
 * from its sockets and timers for as long as it finds work. Every few milliseconds a statement lets them go first.
 */
export function yieldBetweenStatements(pglite: PGlite): void {
  const execute = pglite.execProtocolStream.bind(pglite);
  let turnBegan = performance.now();
  pglite.execProtocolStream = async (message, options) => {
    const result = await execute(message, options);
    if (performance.now() - turnBegan >= TURN_MS) {
      await setImmediate();
      turnBegan = performance.now();
    }
    return result;
  };
}
