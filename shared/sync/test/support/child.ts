import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A script beside this file, as a process. */
export class Child {
  readonly #process: ChildProcess;
  readonly exited: Promise<unknown>;
  #output = '';

  constructor(script: string, env: Record<string, string>) {
    const at = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
    this.#process = spawn(process.execPath, ['--import', at('from-sources.mjs'), at(script)], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.#output += chunk.toString()));
    this.exited = once(this.#process, 'exit');
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** What killed it, if anything has. */
  get signal(): string | null {
    return this.#process.signalCode;
  }

  get isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.exited;
  }
}
