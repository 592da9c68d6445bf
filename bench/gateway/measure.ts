import { checkAnswers } from './check-answers.ts';
import type { GatewayName, RunningGateway, StartOptions } from './gateways/gateway.ts';
import { START, TITLES } from './gateways/gateways.ts';
import type { Operation } from './graph/operation.ts';
import { runGatewayLoad, type GatewayLoadResult } from './load/load.ts';
import { CONNECTIONS, type Scenario, type Size } from './scenarios.ts';
import { createWorkload } from './workloads/workloads.ts';

/** Operations between the rounds of one gateway: more than a round can send. */
const ROUND_STRIDE = 1_000_000;
/** Of other processes: what makes figures doubtful. */
export const BUSY_CORES = 0.2;
const SHOWN_PROBLEMS = 3;

export interface Run extends Omit<StartOptions, 'sharing'> {
  readonly size: Size;
  readonly expected: (operation: Operation) => unknown;
  say(line: string): void;
}

export interface Measured {
  readonly scenario: Scenario;
  /** By gateway, in the order of rounds. */
  readonly rounds: ReadonlyMap<GatewayName, readonly GatewayLoadResult[]>;
  readonly startSeconds: ReadonlyMap<GatewayName, number>;
  readonly failures: readonly string[];
}

/**
 * Starts the gateways of a scenario anew, checks their answers, then loads them in turn, round by round: what the machine does meanwhile hits
 * all alike. One that answers wrongly is not measured.
 */
export async function measureScenario(scenario: Scenario, run: Run): Promise<Measured> {
  const { size, seed, say } = run;
  const workload = createWorkload(scenario.workload, seed);
  const failures: string[] = [];
  const rounds = new Map<GatewayName, GatewayLoadResult[]>();
  const startSeconds = new Map<GatewayName, number>();
  await using opened = new AsyncDisposableStack();
  const running = new Map<GatewayName, RunningGateway>();
  for (const name of scenario.gateways.filter((one) => size.gateways.includes(one))) {
    const gateway = opened.use(await START[name]({ ...run, sharing: scenario.sharing }));
    startSeconds.set(name, gateway.startSeconds);
    const problems = await checkAnswers(gateway.url, workload, run.expected);
    if (problems.length === 0) running.set(name, gateway);
    else failures.push(...describeProblems(scenario, name, problems));
  }
  for (let round = 0; round < size.rounds; round++) {
    for (const [name, { url, pid }] of running) {
      const result = await runGatewayLoad(
        {
          url,
          pid,
          workload: scenario.workload,
          seed,
          from: workload.checked + round * ROUND_STRIDE,
          connections: CONNECTIONS,
          warmupSeconds: round === 0 ? size.firstWarmupSeconds : size.warmupSeconds,
          seconds: size.seconds,
        },
        run.cores,
      );
      if (result.wrong > 0) failures.push(`${scenario.name}: ${TITLES[name]}: ${result.wrong} wrong answers under load, ${result.example}`);
      if (result.answers === 0) {
        failures.push(`${scenario.name}: ${TITLES[name]} answered nothing within ${size.seconds} s under load`);
        continue;
      }
      const known = rounds.get(name);
      if (known) known.push(result);
      else rounds.set(name, [result]);
      say(
        `${scenario.name} ${round + 1}/${size.rounds}: ${TITLES[name]}: ${result.cpuMsPerRequest.toFixed(3)} ms CPU per request, ` +
          `${Math.round(result.perSecond)}/s, p99 ${result.p99Ms.toFixed(1)} ms, ${Math.round(result.rssMb)} MB` +
          (result.otherCores > BUSY_CORES ? ` (others keep ${result.otherCores.toFixed(1)} cores busy)` : ''),
      );
    }
  }
  return { scenario, rounds, startSeconds, failures };
}

function describeProblems(scenario: Scenario, name: GatewayName, problems: readonly string[]): readonly string[] {
  const shown = problems.slice(0, SHOWN_PROBLEMS).map((problem) => `${scenario.name}: ${TITLES[name]} answers wrongly: ${problem}`);
  const more = problems.length - shown.length;
  return more > 0 ? [...shown, `${scenario.name}: ${TITLES[name]}: ${more} more wrong answers`] : shown;
}
