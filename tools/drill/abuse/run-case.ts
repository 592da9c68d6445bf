import type { AbuseCase } from './abuse-case.ts';
import type { Finding } from './finding.ts';
import type { Installation } from './installation.ts';
import type { CrashLog } from './watch/crash-log.ts';
import { readVitals } from './watch/vitals.ts';

export interface CaseResult {
  readonly name: string;
  readonly finding: Finding;
  /** What went down, or failed inside, because of it. */
  readonly crashes: readonly string[];
  /** How long the event loop of the gateway did not turn, at most. */
  readonly blockedMs: number;
  /** Of each answer to the attack. */
  readonly durationsMs: readonly number[];
  readonly seconds: number;
}

/** Longer than this no single request may keep all others waiting; PGlite and the garbage collector of a busy machine are in it, too. */
const BLOCKS_AT_MOST_MS = 1_000;
/** What a process still writes of a request that was answered. */
const HEALTH_TIMEOUT_MS = 5_000;

/** Sends one case and its legitimate form, and looks what became of the gateway. */
export async function runCase(
  one: AbuseCase,
  installation: Installation,
  { crashLog }: { readonly crashLog: CrashLog },
): Promise<CaseResult> {
  const { name, control, blocksAtMostMs = BLOCKS_AT_MOST_MS } = one;
  const startedAt = performance.now();
  const first = await attackOnce(one, installation, crashLog);
  // On a machine that is busy with other things a loop stands still without anybody's doing: what is the attack's comes again.
  const isDoubtful = first.finding === undefined && first.crashes.length === 0 && first.blockedMs > blocksAtMostMs;
  const attacked = isDoubtful ? await attackOnce(one, installation, crashLog) : first;
  const blockedMs = Math.min(first.blockedMs, attacked.blockedMs);
  const findings = [
    attacked.finding,
    blockedMs > blocksAtMostMs ? `the event loop stood still for ${blockedMs.toFixed(0)} ms` : undefined,
    attacked.crashes.length > 0 ? undefined : prefixed('control: ', await tried(() => control(installation.target(`${name}-c`)))),
  ];
  return {
    name,
    finding: findings.find((finding) => finding !== undefined),
    crashes: [...first.crashes, ...(attacked === first ? [] : attacked.crashes), ...(await crashesOf(installation, crashLog))],
    blockedMs,
    durationsMs: attacked.durationsMs,
    seconds: (performance.now() - startedAt) / 1_000,
  };
}

/** The attack alone, for rounds of many. */
export function attackAgain({ name, attack }: AbuseCase, installation: Installation): Promise<Finding> {
  return tried(() => attack(installation.target(name)));
}

async function attackOnce({ name, attack }: AbuseCase, installation: Installation, crashLog: CrashLog) {
  await readVitals(installation.url); // the watch of the event loop begins anew
  const target = installation.target(name);
  const finding = await tried(() => attack(target));
  const crashes = await crashesOf(installation, crashLog);
  const { blockedMs } = crashes.length > 0 ? { blockedMs: 0 } : await readVitals(installation.url);
  return { finding, crashes, blockedMs, durationsMs: target.client.durationsMs };
}

async function tried(what: () => Promise<Finding>): Promise<Finding> {
  try {
    return await what();
  } catch (error) {
    return `could not be tried: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const prefixed = (prefix: string, finding: Finding): Finding => (finding === undefined ? undefined : prefix + finding);

async function crashesOf(installation: Installation, crashLog: CrashLog): Promise<readonly string[]> {
  const ended = installation.ended();
  if (ended.length > 0) return [...ended, ...crashLog.since()];
  const response = await fetch(`${installation.url}/health/ready`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) }).catch(
    (error: Error) => error,
  );
  const health =
    response instanceof Error
      ? `no answer: ${response.message}`
      : response.ok
        ? undefined
        : `not ready: ${response.status} ${await response.text()}`;
  if (response instanceof Response && response.ok) await response.body?.cancel();
  return [...(health === undefined ? [] : [health]), ...crashLog.since()];
}
