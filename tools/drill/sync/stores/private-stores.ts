import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadStoresConfig, type StoresConfig } from '../../../stores/config.ts';
import { readStoresEnv } from '../../../stores/env.ts';
import { createLimit } from '../../../stores/limit.ts';
import { resolveDataRoot } from '../../../stores/location.ts';
import type { StoreName } from '../../../stores/names.ts';
import { createPortPicker } from '../../../stores/ports.ts';
import { startStore } from '../../../stores/start.ts';
import { readState } from '../../../stores/state.ts';
import { stopStore } from '../../../stores/stop.ts';
import { redisCommand } from '../../../stores/wire/redis.ts';

/** Servers that only this run uses: they may be killed, and come back with the disk they had. */
export interface PrivateStores extends AsyncDisposable {
  /** URLs by environment variable. */
  readonly env: Readonly<Record<string, string>>;
  /** SIGKILL; resolves when the server is gone. */
  kill(name: StoreName): Promise<void>;
  /** Starts it again on the same port and disk, and waits until it serves. */
  revive(name: StoreName): Promise<void>;
  /** Keeps a copy of a killed server's disk as it is. */
  keepDisk(name: StoreName): Promise<void>;
  /** Gives a killed server the disk that was kept: what it was told since then is forgotten. */
  restoreDisk(name: StoreName): Promise<void>;
}

/** Starts servers below `dir`. `fsync` is off: a killed process loses nothing that the system has, and the drill does not cut the power. */
export async function openPrivateStores(names: readonly StoreName[], dir: string, say: (line: string) => void): Promise<PrivateStores> {
  const config: StoresConfig = { ...loadStoresConfig(), stateDir: join(dir, 'stores') };
  const ports = createPortPicker({ reserved: portsOf(loadStoresConfig().stateDir) });
  const limit = createLimit(2);
  const start = async (name: StoreName): Promise<void> => {
    const { record } = await startStore({ config, name, limit, ports, fsync: false, onStep: () => undefined });
    if (name === 'redis') await keepWhatItAcknowledges(record.ports['main'] ?? 0);
  };
  const diskOf = (name: StoreName): string => {
    const record = readState(config.stateDir)?.stores[name];
    if (!record) throw new Error(`${name} was never started.`);
    return join(record.dir, 'data');
  };
  const dispose = async (): Promise<void> => {
    await Promise.all(names.map((name) => stopStore({ config, name, mode: 'kill', data: 'delete' })));
    await rm(resolveDataRoot(config), { recursive: true, force: true });
  };
  try {
    await Promise.all(names.map((name) => start(name)));
  } catch (error) {
    await dispose();
    throw error;
  }
  say(`servers of this run are up: ${names.join(', ')}`);
  return {
    env: readStoresEnv(config, names),
    kill: async (name) => void (await stopStore({ config, name, mode: 'kill', data: 'keep' })),
    revive: start,
    async keepDisk(name) {
      await rm(`${diskOf(name)}.kept`, { recursive: true, force: true });
      await copy(diskOf(name), `${diskOf(name)}.kept`);
    },
    async restoreDisk(name) {
      await rm(diskOf(name), { recursive: true, force: true });
      await copy(`${diskOf(name)}.kept`, diskOf(name));
    },
    [Symbol.asyncDispose]: dispose,
  };
}

/**
 * While the disk is busy Redis puts off writing its log by up to two seconds, and acknowledges all the same; a kill then loses that. With `always` it
 * writes first, https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/
 */
async function keepWhatItAcknowledges(port: number): Promise<void> {
  await redisCommand({ port, timeoutMs: 10_000 }, 'CONFIG', 'SET', 'appendfsync', 'always');
}

/** With owners and modes: servers refuse a disk that is not theirs. */
async function copy(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', from, to]);
}

function portsOf(stateDir: string): readonly number[] {
  return Object.values(readState(stateDir)?.stores ?? {}).flatMap((record) => Object.values(record.ports));
}
