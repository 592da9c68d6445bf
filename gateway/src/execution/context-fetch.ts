import { LoomError } from '@loomgraph/core';
import type { ContextValue, EntityBatch, FetchNode } from '../planning/plan.js';
import { locateObjects } from './collect-objects.js';
import { createContextOperation, groupName } from './context-operation.js';
import { readContexts, type ContextSource, type PassedValues } from './context-values.js';
import { compileBatch, createSettle, type CompiledBatch } from './entity-fetch.js';
import type { Targets } from './entity-targets.js';
import { prepareFetchCall, type FetchCall } from './fetch-call.js';
import type { OperationRun } from './operation-run.js';
import type { PlanContext, Step } from './plan-context.js';

/** Texts for more groups than these are made anew for each fetch. */
const KEPT_TEXTS = 16;

type ContextBatch = EntityBatch & { readonly contexts: readonly ContextValue[] };

export function passesContext(batch: EntityBatch): batch is ContextBatch {
  return batch.contexts !== undefined && batch.contexts.length > 0;
}

/** Entities to which the same values are passed. */
interface Group {
  readonly values: PassedValues;
  /** JSON texts of representations, with their positions. */
  readonly positions: Map<string, number>;
  /** In the order of the batch's paths. */
  readonly byPath: readonly Targets[];
}

/**
 * A fetch of entities that passes on values of objects above them (`@fromContext`). One variable has one value in a request, so entities
 * with other values are asked under another alias of the same request. An entity above which a value lacks is not asked.
 */
export function compileContextFetch(node: FetchNode, batch: ContextBatch, context: PlanContext): Step {
  const compiled = compileBatch(node, batch, context);
  const settle = createSettle(node, [batch], context);
  const own = new Set([batch.representationsVariable, ...batch.contexts.map(({ variable }) => variable)]);
  const operation = createContextOperation(node.operation, own);
  const source: ContextSource = { contexts: batch.contexts, required: operation.required, types: context.types };
  for (const path of batch.paths) context.keepApart(path);

  const kept: FetchCall[] = [];
  const callFor = (groups: number): FetchCall => {
    if (groups > KEPT_TEXTS) return prepareFetchCall(node, context, operation.text(groups));
    return (kept[groups] ??= prepareFetchCall(node, context, operation.text(groups)));
  };

  return (run, done) => {
    const { groups, isLacking } = divide(run, compiled, source);
    if (isLacking) {
      const message = `Subgraph "${node.subgraph}" was not asked for everything, as a value that is passed to it is missing.`;
      settle.failed(run, new LoomError('SUBGRAPH_UNAVAILABLE', message));
    }
    if (groups.length === 0) {
      done();
      return;
    }
    const asked = groups.length === 1 ? [compiled] : groups.map((_group, index) => batchOf(compiled, index));
    const targets = groups.map(({ byPath, positions }) => ({ byPath, representations: [...positions.keys()] }));
    const texts = groups.map(({ values }, index) => {
      const representations = `"${asked[index]!.node.representationsVariable}":[${targets[index]!.representations.join(',')}]`;
      return [representations, ...[...values].map(([name, value]) => `"${groups.length === 1 ? name : groupName(name, index)}":${value}`)];
    });
    callFor(groups.length).send({
      run,
      done,
      representations: {
        text: texts.flat().join(','),
        count: targets.reduce((sum, { representations }) => sum + representations.length, 0),
      },
      onFailed: (error) => settle.failed(run, error),
      onAnswered: (answer) => settle.answered(run, answer, asked, targets),
    });
  };
}

function divide(
  run: OperationRun,
  { paths, writers, rewrite }: CompiledBatch,
  source: ContextSource,
): { readonly groups: readonly Group[]; readonly isLacking: boolean } {
  const groups = new Map<string, Group>();
  let isLacking = false;
  paths.forEach(({ path }, pathIndex) => {
    for (const place of locateObjects(run.data, path, source.types)) {
      const written = writers(place.object['__typename'])?.write(place.object);
      if (written === undefined) continue;
      const values = readContexts(run.data, place, source);
      if (values === undefined) {
        isLacking = true;
        continue;
      }
      const key = JSON.stringify([...values]);
      let group = groups.get(key);
      if (group === undefined) {
        group = { values, positions: new Map(), byPath: paths.map(() => ({ objects: [], positions: [] })) };
        groups.set(key, group);
      }
      const text = rewrite === undefined ? written : rewrite(written);
      let position = group.positions.get(text);
      if (position === undefined) group.positions.set(text, (position = group.positions.size));
      group.byPath[pathIndex]!.objects.push(place.object);
      group.byPath[pathIndex]!.positions.push(position);
    }
  });
  return { groups: [...groups.values()], isLacking };
}

/** The batch of one of several groups. */
function batchOf({ node, ...compiled }: CompiledBatch, group: number): CompiledBatch {
  const { alias, representationsVariable } = node;
  return {
    ...compiled,
    node: { ...node, alias: groupName(alias, group), representationsVariable: groupName(representationsVariable, group) },
  };
}
