/** Progress of a launcher: what is done and how long it took. Runs on any Node from 20 on. */

const TICK_SECONDS = 10;

/** @param {number} startedAt */
function secondsSince(startedAt) {
  return ((performance.now() - startedAt) / 1000).toFixed(1);
}

/**
 * Runs a step that may take long, saying so at its start, every ten seconds, and at its end.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function runStep(label, work) {
  const startedAt = performance.now();
  /** @param {string} text */
  const say = (text) => process.stderr.write(`${text}\n`);
  say(`▸ ${label} …`);
  const ticking = setInterval(() => say(`  … ${secondsSince(startedAt)} s`), TICK_SECONDS * 1000);
  try {
    const result = await work();
    say(`✓ ${label}: ${secondsSince(startedAt)} s`);
    return result;
  } catch (error) {
    say(`✗ ${label}: failed after ${secondsSince(startedAt)} s`);
    throw error;
  } finally {
    clearInterval(ticking);
  }
}
