/** The environment keys that name real stores, each with what it names. */
export const realStoreKeys = [
  'MYSQL_URL',
  'MARIADB_URL',
  'POSTGRES_URL',
  'NEO4J_URL',
  'REDIS_URL',
  'REDIS_SENTINEL_URL',
  'REDIS_CLUSTER_URL',
  'S3_URL',
  'KAFKA_URL',
] as const;
export type RealStoreKey = (typeof realStoreKeys)[number];

/**
 * The URL of a real store, or undefined when none is configured: the suite then runs on the embedded adapters only and the runner's
 * closing lines say so. Where `LOOM_REQUIRE_STORES` is set, absence is a failure.
 */
export function realStore(key: RealStoreKey): string | undefined {
  const url = process.env[key];
  if (!url && process.env['LOOM_REQUIRE_STORES']) {
    throw new Error(`${key} is not set: run \`npm run stores -- up\`, then run the tests again.`);
  }
  return url || undefined;
}

/** For a suite that is nothing without its store: says so where the store is not configured, since a file without tests fails. */
export function leaveOutWithout(key: RealStoreKey, it: (name: string, run: () => void) => void): void {
  if (realStore(key)) return;
  it(`is left out where ${key} is not set`, () => {
    if (realStore(key)) throw new Error(`${key} is set now, and was not when the tests were collected.`);
  });
}
