import type { Invocation } from '../args.ts';
import type { StoresConfig } from '../config.ts';
import { readStoresEnv, renderExports } from '../env.ts';
import { writeJson } from '../output.ts';

/** Prints the URLs of the stores that run; returns the exit code, which is 1 when none does. */
export function env(config: StoresConfig, { stores, json }: Invocation): number {
  const urls = readStoresEnv(config, stores);
  if (json === undefined) process.stdout.write(renderExports(urls));
  else writeJson(json, urls);
  if (Object.keys(urls).length > 0) return 0;
  process.stderr.write('no store is running; start them with: npm run stores -- up\n');
  return 1;
}
