import type { FromPlanner, PlannerEngine, PlanRequest, ToPlanner } from './planner-messages.js';

/**
 * Entry point of the process a planner runs in (`planner-process.ts`). It imports nothing of ours at run time, so that Node can run
 * it from its source as well.
 */
type Plan = (request: PlanRequest, signal: AbortSignal) => unknown;

const running = new Map<number, AbortController>();
let plan: Plan | undefined;

process.on('message', (message) => {
  // Only the gateway that started this process writes to it.
  void receive(message as ToPlanner);
});
process.once('disconnect', () => process.exit(0));
// A signal from the terminal reaches this process too; the gateway still plans while it drains, and ends it by disconnecting.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

async function receive(message: ToPlanner): Promise<void> {
  switch (message.kind) {
    case 'open':
      try {
        plan = await open(message.engine, message.supergraphSdl);
        send({ kind: 'ready' });
      } catch (error) {
        send({ kind: 'refused', message: textOf(error) });
      }
      return;
    case 'plan':
      await answer(message.id, message.request);
      return;
    case 'cancel':
      running.get(message.id)?.abort();
  }
}

async function answer(id: number, request: PlanRequest): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    send({ kind: 'planned', id, plan: await plan?.(request, controller.signal) });
  } catch (error) {
    send({ kind: 'failed', id, message: textOf(error) });
  } finally {
    running.delete(id);
  }
}

/** Loads nothing of the engine that is not asked for. */
async function open(engine: PlannerEngine, supergraphSdl: string): Promise<Plan> {
  return engine === 'hive' ? openHive(supergraphSdl) : openApollo(supergraphSdl, engine);
}

async function openHive(supergraphSdl: string): Promise<Plan> {
  const { QueryPlanner } = await import('@graphql-hive/router-query-planner');
  const planner = new QueryPlanner(supergraphSdl);
  return ({ text, operationName, overrides, percentage }, signal) => {
    const active = new Set(overrides.flatMap(([label, isActive]) => (isActive ? [label] : [])));
    return planner.planAsync(text, operationName ?? null, active, percentage, signal);
  };
}

async function openApollo(supergraphSdl: string, engine: Exclude<PlannerEngine, 'hive'>): Promise<Plan> {
  const [{ QueryPlanner }, { operationFromDocument, Supergraph }, { parse }] = await Promise.all([
    import('@apollo/query-planner'),
    import('@apollo/federation-internals'),
    import('graphql'),
  ]);
  // The gateway has looked at what the supergraph asks for.
  const supergraph = Supergraph.build(supergraphSdl, { supportedFeatures: null });
  const planner = new QueryPlanner(supergraph, { incrementalDelivery: { enableDefer: engine === 'apollo-defer' } });
  const schema = supergraph.apiSchema();
  return ({ text, overrides }) => {
    const operation = operationFromDocument(schema, parse(text, { noLocation: true }));
    return planner.buildQueryPlan(operation, { overrideConditions: new Map(overrides) });
  };
}

function send(message: FromPlanner): void {
  process.send?.(message);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
