import { openSharedRevocationList, type RevocationList, type RevocationStore } from '@loomgraph/auth';
import type { Health } from '@loomgraph/core';
import type { Logger, Metrics } from '@loomgraph/telemetry';

/** As the product's stores name what they keep in Redis. */
const CACHE_PREFIX = 'loom:';

interface Options {
  readonly resources: AsyncDisposableStack;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What was revoked, through a Redis of which nothing else is used. Undefined without a URL. */
export async function openRevocations({
  url,
  ...options
}: Options & { readonly url: string | undefined }): Promise<RevocationList | undefined> {
  if (url === undefined) return undefined;
  // Loaded only where it is used: the gateway alone starts faster.
  const { createRedisCache } = await import('@loomgraph/stores/cache');
  return followRevocations({ ...options, store: options.resources.use(createRedisCache({ url, prefix: CACHE_PREFIX })) });
}

/** What was revoked, through the cache of the product; read until `resources` are disposed of. */
export async function followRevocations({
  store,
  resources,
  logger,
  metrics,
}: Options & { readonly store: RevocationStore }): Promise<RevocationList> {
  const list = await openSharedRevocationList({
    store,
    onReading: ({ error }) => {
      if (error === undefined) logger.info('Revocations can be read again');
      else logger.error('Revocations cannot be read', { error });
    },
  });
  resources.use(list);
  metrics.gauge('gateway_revocations_age_seconds', 'Since revocations were last read.', [], (gauge) =>
    gauge.set({}, list.state().ageMs / 1_000),
  );
  metrics.gauge(
    'gateway_revocations',
    'Sessions, users, tokens and API keys whose access was taken back and has not ended by itself.',
    [],
    (gauge) => gauge.set({}, list.state().entries),
  );
  return list;
}

/** Whether it is known what was revoked: while it is not, callers with a credential are refused. */
export function revocationsHealth(list: RevocationList | undefined): readonly Health[] {
  if (list === undefined) return [];
  const { isCurrent, ageMs } = list.state();
  const health = { name: 'revocations', backend: 'cache', ok: isCurrent, latencyMs: 0 };
  return [isCurrent ? health : { ...health, message: `last read ${Math.round(ageMs / 1_000)} s ago` }];
}
