import type { Invocation } from '../args.ts';
import type { StoresConfig } from '../config.ts';
import { readStoresEnv } from '../env.ts';
import { describeFailure } from '../failure.ts';
import { createLimit } from '../limit.ts';
import type { StoreName } from '../names.ts';
import { writeJson } from '../output.ts';
import { createPortPicker } from '../ports.ts';
import { createProgress } from '../progress.ts';
import { RECIPES } from '../recipes/all.ts';
import { startStore } from '../start.ts';
import { readState } from '../state.ts';

/** Downloads, builds and set-ups at a time: two keep a small machine busy and responsive. */
const INSTALL_WIDTH = 2;

/** Starts the stores, all at once; returns the exit code. Progress goes to stderr. */
export async function up(config: StoresConfig, { stores, json, fsync }: Invocation): Promise<number> {
  const progress = createProgress((line) => process.stderr.write(line));
  const limit = createLimit(INSTALL_WIDTH);
  const recorded = Object.values(readState(config.stateDir)?.stores ?? {});
  const ports = createPortPicker({ reserved: recorded.flatMap((record) => Object.values(record.ports)) });
  const failures: string[] = [];
  await Promise.all(
    longestInstallFirst(stores).map(async (name) => {
      const startedAt = performance.now();
      try {
        const { record, alreadyUp } = await startStore({
          config,
          name,
          limit,
          ports,
          fsync,
          onStep: (step) => progress.step(name, `${step} …`),
        });
        const address = `127.0.0.1:${record.ports[RECIPES[name].portNames[0] ?? '']}`;
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
        progress.step(name, alreadyUp ? `already up on ${address}` : `ready in ${seconds} s on ${address}`);
      } catch (error) {
        progress.step(name, 'FAILED');
        failures.push(describeFailure(error));
      }
    }),
  );
  if (json !== undefined) writeJson(json, readStoresEnv(config, stores));
  for (const failure of failures) process.stderr.write(`\n${failure}\n`);
  process.stderr.write(`\n${stores.length - failures.length} of ${stores.length} stores up in ${progress.elapsedSeconds()} s\n`);
  return failures.length > 0 ? 1 : 0;
}

/** Building the S3 gateway takes as long as downloading all the others. */
function longestInstallFirst(stores: readonly StoreName[]): readonly StoreName[] {
  return stores.toSorted((a, b) => Number(b === 's3') - Number(a === 's3'));
}
