import type { Logger } from '@loomgraph/telemetry';
import type { ChosenOverrides } from '../../planning/override-choice.js';
import type { CompiledOperation } from '../compiled-operation.js';
import { createDeferPlanner } from './defer-planner.js';
import { deferVariablesOf } from './defer-usages.js';
import { findMixedRequirements, type HasMixedRequirements } from './mixed-requirements.js';
import { prepareDeferred, type DeferredOperation, type DeferredOperationDeps } from './deferred-operation.js';

/** Keeps for each operation what is made of it for answers in parts. */
export interface DeferredOperations extends AsyncDisposable {
  /**
   * A promise where it must be planned.
   * @returns undefined where the operation is answered whole: nothing of it is deferred for these variables, or no plan with deferred
   * parts is found. The specification leaves it to the server whether it defers.
   */
  find(
    operation: CompiledOperation,
    variables: Readonly<Record<string, unknown>>,
    overrides: ChosenOverrides,
  ): DeferredOperation | undefined | Promise<DeferredOperation | undefined>;
}

/** Of one operation; each choice of its `@defer(if:)` is another. */
const MAX_KEPT = 16;

export function createDeferredOperations(
  deps: Omit<DeferredOperationDeps, 'planner'> & { readonly supergraphSdl: string; readonly logger: Logger },
): DeferredOperations {
  const { logger } = deps;
  const planner = createDeferPlanner(deps);
  let hasMixedRequirements: HasMixedRequirements | undefined;
  /** Kept as long as the operation is. */
  const known = new WeakMap<
    CompiledOperation,
    { readonly conditions: readonly string[]; readonly choices: Map<string, ReturnType<DeferredOperations['find']>> }
  >();

  const prepare = async (
    ...[operation, variables, overrides]: Parameters<DeferredOperations['find']>
  ): Promise<DeferredOperation | undefined> => {
    hasMixedRequirements ??= findMixedRequirements(deps.supergraphSdl);
    return hasMixedRequirements(operation.document) ? undefined : prepareDeferred(operation, variables, overrides, { ...deps, planner });
  };

  return {
    find(operation, variables, overrides) {
      let of = known.get(operation);
      if (of === undefined) known.set(operation, (of = { conditions: deferVariablesOf(operation), choices: new Map() }));
      const { conditions, choices } = of;
      const key = conditions.map((name) => (variables[name] === false ? '0' : '1')).join('') + overrides.cacheKeySuffix;
      if (choices.has(key)) return choices.get(key);
      const preparing = prepare(operation, variables, overrides).then(
        (prepared) => {
          if (choices.get(key) === preparing) choices.set(key, prepared);
          return prepared;
        },
        (error: unknown): undefined => {
          choices.delete(key);
          logger.warn('An operation is answered whole: its deferred parts cannot be planned', { operationName: operation.name, error });
        },
      );
      if (choices.size >= MAX_KEPT) choices.clear();
      choices.set(key, preparing);
      return preparing;
    },
    [Symbol.asyncDispose]: () => planner[Symbol.asyncDispose](),
  };
}
