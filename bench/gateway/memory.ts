import type { Figure } from '../../tools/report/outcome.ts';
import type { GatewayName } from './gateways/gateway.ts';
import { START, TITLES } from './gateways/gateways.ts';
import { runGatewayLoad, type GatewayLoadResult } from './load/load.ts';
import type { Measured, Run } from './measure.ts';
import { CONNECTIONS } from './scenarios.ts';

const SAID_EVERY_MS = 60_000;

/**
 * What each gateway holds after a long load of the heavy query. All are loaded at the same time, each with its share of the core: memory is
 * read, not time. A short run takes what its first rounds left.
 */
export async function measureMemory(
  measured: readonly Measured[],
  run: Run,
): Promise<{ figures: readonly Figure[]; failures: readonly string[] }> {
  const { soakSeconds } = run.size;
  if (soakSeconds === 0) {
    const last = [...(measured[0]?.rounds ?? [])].flatMap(([name, rounds]) => rounds.slice(-1).map((result) => [name, result] as const));
    return { figures: figuresOf(last, `${run.size.seconds} s`), failures: [] };
  }
  await using opened = new AsyncDisposableStack();
  const running = [];
  for (const name of run.size.gateways.filter((one) => one !== 'oursInProcess'))
    running.push({ name, ...opened.use(await START[name]({ ...run, sharing: 'none' })) });
  const startedAt = performance.now();
  const progress = setInterval(
    () => run.say(`memory: ${Math.round((performance.now() - startedAt) / 1_000)} of ${soakSeconds} s of load on all gateways`),
    SAID_EVERY_MS,
  );
  try {
    const results = await Promise.all(
      running.map(async ({ name, url, pid }) => {
        const load = { url, pid, workload: 'heavy', seed: run.seed, from: 0, connections: CONNECTIONS, warmupSeconds: 0 } as const;
        return [name, await runGatewayLoad({ ...load, seconds: soakSeconds }, run.cores)] as const;
      }),
    );
    return {
      figures: figuresOf(results, `${soakSeconds / 60} minutes`),
      failures: results.flatMap(([name, { wrong, example }]) =>
        wrong > 0 ? [`memory: ${TITLES[name]}: ${wrong} wrong answers under load, ${example}`] : [],
      ),
    };
  } finally {
    clearInterval(progress);
  }
}

function figuresOf(results: readonly (readonly [GatewayName, GatewayLoadResult])[], duration: string): readonly Figure[] {
  return results
    .filter(([, { rssMb }]) => !Number.isNaN(rssMb))
    .map(([name, { rssMb, answers }]) => ({
      name: `rssMb.${name}`,
      value: rssMb,
      meaning: `${TITLES[name]}: resident memory after ${duration} of the heavy query, ${answers.toLocaleString('en')} answers`,
    }));
}
