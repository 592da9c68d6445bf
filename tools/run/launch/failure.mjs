/** A failure whose message is all that a person needs: it is printed without a stack. */
export class LaunchFailure extends Error {}

/**
 * Runs a launcher, printing what it fails with; the exit code is then 1.
 * @param {() => Promise<void>} main
 */
export async function runLauncher(main) {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`\n${error instanceof LaunchFailure ? error.message : (error?.stack ?? error)}\n`);
    process.exitCode = 1;
  }
}
