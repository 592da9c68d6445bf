import { LaunchFailure } from './launch/failure.mjs';

/** Runs the program of a command: its answer is the exit code, 0 when it gives none. A failure is printed, and is 1. */
export async function runProgram(main: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.stderr.write(`\n${error instanceof LaunchFailure ? error.message : describe(error)}\n`);
    process.exitCode = 1;
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
