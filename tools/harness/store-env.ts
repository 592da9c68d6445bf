import type { StoresKind } from '../report/options.ts';
import { loadStoresEnv } from '../stores/index.ts';

/** The stores that benches and drills call real. Events go through Redis Streams: Kafka is not among them. */
const REAL_STORES = ['MYSQL_URL', 'POSTGRES_URL', 'NEO4J_URL', 'REDIS_URL', 'S3_URL'] as const;

/** URLs by environment variable. */
export type StoresEnv = Readonly<Record<string, string>>;

/**
 * The settings that make a gateway use these stores: none for the embedded ones. A URL in this process's environment wins over the one that
 * `npm run stores` recorded.
 * @throws Error that says how to start what is missing
 */
export function storesEnv(kind: StoresKind, environment: NodeJS.ProcessEnv = process.env): StoresEnv {
  if (kind === 'embedded') return {};
  const known: Record<string, string | undefined> = { ...loadStoresEnv(), ...environment };
  const missing = REAL_STORES.filter((key) => !known[key]);
  if (missing.length > 0) throw new Error(`The real stores are not all there: ${missing.join(', ')} missing. Run: npm run stores -- up`);
  return Object.fromEntries(REAL_STORES.map((key) => [key, known[key] ?? '']));
}
