import { getArgumentValues } from 'graphql';
import { assertAuthorized } from '../authorization/assert-authorized.js';
import { coerceVariables, type CoercionSettings } from '../execution/coerce-variables.js';
import type { CompiledOperation } from '../execution/compiled-operation.js';
import type { ExecutablePlan } from '../execution/compile-plan.js';
import type { EngineRequest } from '../execution/engine.js';
import type { Generation } from '../execution/generation.js';
import { OperationRefused } from '../execution/operation-refused.js';
import { awaitPlan } from '../execution/run-operation.js';
import { GraphQLError } from 'graphql';
import type { LiveSource } from './live-plan.js';

/** A subscription as it runs on one generation. */
export interface Binding {
  readonly generation: Generation;
  readonly operation: CompiledOperation;
  readonly plan: ExecutablePlan;
  readonly source: LiveSource;
  /** By the names the plan has for them. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of the root field, as filters read them. */
  readonly given: Readonly<Record<string, unknown>>;
  /** The same where the same answer comes of the same event. */
  readonly key: string;
}

/** @throws OperationRefused where the caller may not have the field, LoomError what the planner says */
export async function bind(options: {
  readonly generation: Generation;
  readonly operation: CompiledOperation;
  readonly variables: Binding['variables'];
  readonly request: EngineRequest;
}): Promise<Binding> {
  const { generation, operation, variables, request } = options;
  const { identity } = request.caller;
  const overrides = generation.chooseOverrides(request.caller);
  const found = operation.findPlan(overrides);
  const plan = found instanceof Promise ? (await awaitPlan(found, undefined)).plan : found;
  const source = plan?.source;
  if (plan === undefined || source === undefined) {
    // Nothing is left to subscribe to of what its caller may have.
    assertAuthorized(operation, identity, variables);
    throw new OperationRefused('BAD_REQUEST', [new GraphQLError('The operation subscribes to nothing.')]);
  }
  const key = `${operation.number}\n${JSON.stringify(variables)}\n${overrides.cacheKeySuffix}`;
  return { generation, operation, plan, source, variables, given: givenTo(source, generation, variables), key };
}

/** Binds an operation that runs already to a newer generation, with everything that is asked of a new one. @throws as `bind`, and for what does not fit */
export async function rebind(generation: Generation, request: EngineRequest, settings: CoercionSettings): Promise<Binding> {
  const { query, operationName, caller } = request;
  const whole = generation.find(query, operationName) ?? (await generation.prepare(query, operationName));
  const operation = await generation.authorize(whole, caller.identity);
  const coerced = coerceVariables(generation, operation, request, settings);
  const variables = operation.planned.withPlannedNames(coerced);
  if (settings.unauthorized === 'refuse') assertAuthorized(operation, caller.identity, variables);
  return bind({ generation, operation, variables, request });
}

function givenTo(source: LiveSource, { apiSchema }: Generation, variables: Binding['variables']): Binding['given'] {
  if (source.kind !== 'topic') return {};
  const definition = apiSchema.getSubscriptionType()?.getFields()[source.rule.field];
  return definition === undefined ? {} : getArgumentValues(definition, source.field, variables);
}
