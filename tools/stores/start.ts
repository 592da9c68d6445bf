/** Brings one store up: installs it, makes its data, launches what is not running, waits until it serves. */
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import type { StoresConfig } from './config.ts';
import { StoreFailure } from './failure.ts';
import { ensureInstalled, isInstalled } from './install/cache.ts';
import { type LaunchedProcess, launch, logPath } from './launch.ts';
import type { Limit } from './limit.ts';
import { makeFolder, portLookup, resolveDataRoot, storeContext } from './location.ts';
import { withLock } from './lock.ts';
import { missingProcesses } from './missing-processes.ts';
import type { StoreName } from './names.ts';
import { type PortPicker, isPortFree } from './ports.ts';
import { SETTLE_TIMEOUT_MS, type StoreContext, type StoreRecipe } from './recipe.ts';
import { RECIPES } from './recipes/all.ts';
import { type StoreRecord, readState, updateRecord } from './state.ts';
import { stopProcesses } from './stop.ts';
import { waitUntil } from './wait.ts';

export interface StartOptions {
  readonly config: StoresConfig;
  readonly name: StoreName;
  /** Bounds how many stores are installed and set up at once. */
  readonly limit: Limit;
  readonly ports: PortPicker;
  /** `undefined` keeps what the store had; true for a new one. */
  readonly fsync?: boolean | undefined;
  /** Told each step, as in `downloading`. */
  readonly onStep: (step: string) => void;
}

export interface StartedStore {
  readonly record: StoreRecord;
  readonly alreadyUp: boolean;
}

const LOCK_TIMEOUT_MS = 30 * 60_000;
/** A store with all its processes running gets this long to answer before it is restarted. */
const GRACE_MS = 5_000;
/** From asking a process that does not answer to end, to SIGKILL. */
const HUNG_STOP_TIMEOUT_MS = 5_000;

/** Throws `StoreFailure`; what was started of a store that does not come up is stopped again. */
export function startStore(options: StartOptions): Promise<StartedStore> {
  const { config, name, onStep } = options;
  const onWait = () => onStep('waiting for another run');
  return withLock({ name: `${config.stateDir}:${name}`, timeoutMs: LOCK_TIMEOUT_MS, onWait }, async () => {
    const session = await openSession(options);
    await recordProcesses(session, []); // Its ports are now its own, whatever becomes of this start.
    if (await isServing(session)) return { record: session.record, alreadyUp: true };
    if (needsSetUp(session)) {
      await options.limit(async () => {
        await install(session);
        await initialise(session);
      });
    }
    return { record: await bringUp(session), alreadyUp: false };
  });
}

interface Session extends StartOptions {
  readonly recipe: StoreRecipe;
  readonly dataRoot: string;
  readonly record: StoreRecord;
  readonly context: StoreContext;
  /** What runs was started with the other `fsync`. */
  readonly isOutdated: boolean;
}

async function openSession(options: StartOptions): Promise<Session> {
  const { config, name } = options;
  const recipe = RECIPES[name];
  const dataRoot = resolveDataRoot(config);
  makeFolder(config.stateDir, 0o755);
  makeFolder(dataRoot, 0o755);
  let record = readState(config.stateDir)?.stores[name];
  if (!record) {
    const ports: Record<string, number> = {};
    for (const portName of recipe.portNames) ports[portName] = await options.ports.pick();
    record = { dir: `${dataRoot}/${name}`, url: recipe.url(portLookup(name, ports)), ports, processes: {}, fsync: true };
  }
  const fsync = options.fsync ?? record.fsync;
  const isOutdated = fsync !== record.fsync;
  record = { ...record, fsync };
  const context = storeContext(config, recipe, record);
  makeFolder(context.dir, 0o755);
  makeFolder(context.logDir, 0o755, context.user);
  return { ...options, recipe, dataRoot, record, context, isOutdated };
}

async function isServing({ config, recipe, context, record, isOutdated }: Session): Promise<boolean> {
  if (isOutdated || !isInstalled(config.cacheDir, recipe.installKey)) return false;
  if (missingProcesses(recipe.processes(context), record).length > 0) return false;
  return (await waitUntil(() => recipe.check(context), GRACE_MS)) === undefined;
}

function needsSetUp({ config, recipe, context }: Session): boolean {
  return !isInstalled(config.cacheDir, recipe.installKey) || !existsSync(context.dataDir);
}

async function install({ config, recipe, onStep }: Session): Promise<void> {
  if (isInstalled(config.cacheDir, recipe.installKey)) return;
  onStep('downloading');
  await ensureInstalled({
    cacheDir: config.cacheDir,
    key: recipe.installKey,
    build: (dir) => recipe.install(dir),
    onWait: () => onStep('waiting for another download of the same'),
  });
}

/** Makes the data under another name first: a data folder that exists is a complete one. */
async function initialise({ recipe, context, onStep }: Session): Promise<void> {
  if (existsSync(context.dataDir)) return;
  if (recipe.initialise) onStep('creating its data');
  const making = `${context.dataDir}.new`;
  await rm(making, { recursive: true, force: true });
  makeFolder(making, 0o750, context.user);
  await recipe.initialise?.({ ...context, dataDir: making });
  await rename(making, context.dataDir);
}

async function bringUp(session: Session): Promise<StoreRecord> {
  const { config, name, recipe, context, record, isOutdated, onStep } = session;
  const specs = recipe.processes(context);
  let missing = missingProcesses(specs, record);
  if (missing.length === 0 || isOutdated) {
    onStep('restarting');
    const timeoutMs = isOutdated ? recipe.stopTimeoutMs : HUNG_STOP_TIMEOUT_MS;
    await stopProcesses({ processes: record.processes, specs, timeoutMs });
    missing = specs;
  }
  if (missing.length === specs.length) await assertPortsFree(session);
  await recipe.prepare?.(context);
  onStep(missing.length < specs.length ? `starting ${missing.map((spec) => spec.name).join(', ')}` : 'starting');
  const launched: LaunchedProcess[] = [];
  try {
    for (const spec of missing) {
      launched.push(await launch(spec, context));
      await recordProcesses(session, launched);
      if (spec.settled) await waitUntil(spec.settled, SETTLE_TIMEOUT_MS);
    }
    await waitUntilServing(session, launched);
  } catch (error) {
    const processes = Object.fromEntries(launched.map((one) => [one.name, one.record]));
    await stopProcesses({ processes, specs, timeoutMs: recipe.stopTimeoutMs });
    const logs = missing.map((spec) => logPath(context.logDir, spec.name));
    throw new StoreFailure(`${name} did not start: ${error instanceof Error ? error.message : String(error)}`, logs, error);
  }
  return readState(config.stateDir)?.stores[name] ?? record;
}

async function recordProcesses({ config, dataRoot, name, record }: Session, launched: readonly LaunchedProcess[]): Promise<void> {
  const processes = Object.fromEntries(launched.map((one) => [one.name, one.record]));
  await updateRecord({ stateDir: config.stateDir, dataRoot }, name, (current) => ({
    ...record,
    processes: { ...current?.processes, ...processes },
  }));
}

async function waitUntilServing({ recipe, context }: Session, launched: readonly LaunchedProcess[]): Promise<void> {
  let isProvisioned = recipe.provision === undefined;
  const failure = await waitUntil(
    async () => {
      if (!isProvisioned) await recipe.provision?.(context);
      isProvisioned = true;
      await recipe.check(context);
    },
    recipe.startTimeoutMs,
    () => {
      const ended = launched.find((one) => one.exit() !== undefined);
      if (ended) throw new Error(`${ended.name} ended with ${ended.exit()}`);
    },
  );
  if (failure) throw new Error(`no good answer within ${recipe.startTimeoutMs / 1000} s; the last was: ${failure.message}`);
}

async function assertPortsFree({ name, record }: Session): Promise<void> {
  for (const [portName, port] of Object.entries(record.ports)) {
    if (await isPortFree(port)) continue;
    throw new Error(
      `port ${port} (${portName} of ${name}) is used by another program; ` +
        `end that, or give the store new ports with: down --purge --only ${name}`,
    );
  }
}
