const MS_PER_SECOND = 1_000;
const NS_PER_MS = 1_000_000;

/** Milliseconds on a clock that all processes of the machine share and nobody sets back (CLOCK_MONOTONIC). */
export function sharedNowMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * MS_PER_SECOND + nanoseconds / NS_PER_MS;
}
