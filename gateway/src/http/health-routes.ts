import type { Health } from '@loomgraph/core';
import { redactText, type Metrics } from '@loomgraph/telemetry';
import type { FastifyInstance } from 'fastify';
import type { LiveSupergraph } from '../supergraph/port.js';
import { nameOf } from '../supergraph/subgraph-source.js';

export interface HealthDeps {
  readonly instance: string;
  readonly supergraph: LiveSupergraph;
  readonly metrics: Metrics;
  /** The stores this process needs. */
  readonly stores: () => Promise<readonly Health[]>;
  readonly isDraining: () => boolean;
}

/** One subgraph as `/health/ready` shows it. */
interface SubgraphReport {
  readonly name: string;
  readonly kind: 'local' | 'remote';
  readonly url?: string;
  readonly ok: boolean;
  readonly latencyMs?: number;
  readonly message?: string;
  readonly stores?: readonly Health[];
}

/**
 * `/health/live`, `/health/ready` and `/metrics`.
 *
 * Ready (200) means: not draining, and every store this process needs answers. A remote subgraph that is down, and a composition
 * that failed, show in the details but do not end readiness: the rest of the graph serves, and taking every gateway out of the
 * load balancer for one subgraph would turn a part's failure into the whole's.
 */
export function registerHealthRoutes(app: FastifyInstance, deps: HealthDeps): void {
  app.get('/health/live', async () => ({ status: 'live', instance: deps.instance }));

  app.get('/health/ready', async (_request, reply) => {
    let failure: string | undefined;
    const noteFailure = (error: Error): [] => {
      failure = error.message;
      return [];
    };
    const [stores, subgraphs] = await Promise.all([deps.stores().catch(noteFailure), reportSubgraphs(deps.supergraph).catch(noteFailure)]);
    const reasons = [
      ...(deps.isDraining() ? ['shutting down'] : []),
      ...(failure === undefined ? [] : [`health check failed: ${failure}`]),
      ...stores.filter(({ ok }) => !ok).map(({ name }) => `store ${name} does not answer`),
      ...subgraphs.filter(({ kind, ok }) => kind === 'local' && !ok).map(({ name }) => `subgraph ${name} lacks a store`),
    ];
    const { state, problems, composedAt } = deps.supergraph.status();
    return reply.code(reasons.length === 0 ? 200 : 503).send({
      status: reasons.length === 0 ? 'ready' : 'not ready',
      instance: deps.instance,
      reasons,
      supergraph: { state, composedAt, problems },
      subgraphs,
      stores,
    });
  });

  app.get('/metrics', async (_request, reply) => {
    const { contentType, body } = await deps.metrics.render();
    return reply.header('content-type', contentType).send(body);
  });
}

async function reportSubgraphs(supergraph: LiveSupergraph): Promise<SubgraphReport[]> {
  const { remotes } = supergraph.status();
  return Promise.all(
    [...supergraph.current().sources.values()].map(async (source): Promise<SubgraphReport> => {
      const name = nameOf(source);
      if (source.kind === 'remote') {
        return { name, kind: 'remote', url: redactText(source.url), ...(remotes.get(name) ?? { ok: true }) };
      }
      const stores = await source.subgraph.health();
      return { name, kind: 'local', ok: stores.every(({ ok }) => ok), stores };
    }),
  );
}
