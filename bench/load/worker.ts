/** The process that makes a load: gets it by message, answers its result, and is ended by who started it. */
import { runClosedLoop } from './closed-loop.ts';
import type { Load } from './load.ts';
import { runOpenLoop } from './open-loop.ts';

process.once('message', (load: Load) => {
  const running = load.kind === 'closed' ? runClosedLoop(load) : runOpenLoop(load);
  running.then(
    (result) => process.send?.(result),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit(0));
