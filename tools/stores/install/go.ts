import { run } from './run.ts';

/** Builds a command of a Go module (`path@version`) into `dir`. */
export async function installGoCommand(packageAtVersion: string, dir: string): Promise<void> {
  await run('go', ['install', '-trimpath', '-ldflags=-s -w', packageAtVersion], { env: { GOBIN: dir, CGO_ENABLED: '0' } });
}
