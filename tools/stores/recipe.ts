/** What a store has to say about itself to be installed, started, checked and stopped. */
import type { StoreName } from './names.ts';
import type { ServerUser } from './server-user.ts';

export interface StoreRecipe {
  readonly name: StoreName;
  /** The environment variable that carries the URL. */
  readonly envKey: string;
  /** Names of the ports it listens on; the first is the one shown. */
  readonly portNames: readonly string[];
  /** Set by servers that refuse root: the users to run as instead, best first. */
  readonly users?: readonly string[];
  /** From launching the processes to answering. */
  readonly startTimeoutMs: number;
  /** From the stop signal to SIGKILL. */
  readonly stopTimeoutMs: number;
  /** Names what `install` fills a folder with, versions included. */
  readonly installKey: string;
  install(dir: string): Promise<void>;
  /** Fills the empty data folder, once. A folder becomes the data folder only when this succeeded. */
  initialise?(context: StoreContext): Promise<void>;
  /** Runs before each start: configuration files, waits. */
  prepare?(context: StoreContext): Promise<void>;
  /** In start order; they are stopped in the reverse order. */
  processes(context: StoreContext): readonly ProcessSpec[];
  /** Users, databases and the like, made after a start. Idempotent; throws while the server does not answer yet. */
  provision?(context: StoreContext): Promise<void>;
  /** Throws unless the store serves requests now. Changes nothing. */
  check(context: StoreContext): Promise<void>;
  url(port: (name: string) => number): string;
}

export interface StoreContext {
  readonly installDir: string;
  /** Folder of the store, owned by this process's user: for files written by `prepare`. */
  readonly dir: string;
  readonly dataDir: string;
  readonly logDir: string;
  /** `undefined`: the servers run as this process's user. */
  readonly user: ServerUser | undefined;
  /** Whether a commit waits for the disk. */
  readonly fsync: boolean;
  /** The port of this name. Throws when the recipe has no such port. */
  readonly port: (name: string) => number;
}

export interface ProcessSpec {
  /** Also names the log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Throws until the next process may be launched; it is launched anyway after `SETTLE_TIMEOUT_MS`. */
  readonly settled?: () => Promise<void>;
  /** SIGTERM when absent. */
  readonly stopSignal?: NodeJS.Signals;
}

export const SETTLE_TIMEOUT_MS = 5_000;

/** For one conversation of a `check` or `provision`. */
export const CHECK_TIMEOUT_MS = 3_000;
