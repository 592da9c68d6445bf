/** The stores that can be run, in the order they are shown. */
export const STORE_NAMES = ['mysql', 'mariadb', 'postgres', 'neo4j', 'redis', 'redis-sentinel', 'redis-cluster', 's3', 'kafka'] as const;

export type StoreName = (typeof STORE_NAMES)[number];

export function isStoreName(text: string): text is StoreName {
  return (STORE_NAMES as readonly string[]).includes(text);
}

/** Parses `--only a,b`; all stores when absent. Throws on a name that is not a store. */
export function selectStores(only: string | undefined): readonly StoreName[] {
  if (only === undefined) return STORE_NAMES;
  const asked = only
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const unknown = asked.filter((name) => !isStoreName(name));
  if (unknown.length > 0 || asked.length === 0) {
    throw new Error(`--only takes a comma-separated list of ${STORE_NAMES.join(', ')}; got "${only}"`);
  }
  return STORE_NAMES.filter((name) => asked.includes(name));
}
