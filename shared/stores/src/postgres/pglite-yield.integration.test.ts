import { openPglite } from './pglite.js';

/** Prevents: an embedded relay that had work for seconds, in which the process answered nobody and its time limits ran out. */
describe('a loop over statements of PGlite', () => {
  it('lets timers and sockets have their turns', async () => {
    const pglite = await openPglite({ dataDir: 'memory://' });
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const end = performance.now() + 500;
    while (performance.now() < end) await pglite.query('select 1');
    clearInterval(timer);
    await pglite.close();
    expect(turns).toBeGreaterThan(20);
  });
});
