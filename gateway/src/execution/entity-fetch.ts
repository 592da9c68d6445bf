import type { EntityBatch, FetchNode } from '../planning/plan.js';
import type { CollectedPath, PlanContext, Step } from './plan-context.js';
import { distinctPaths, entityErrors, pathAboveLists } from './entity-errors.js';
import { compileEntityMerge, type MergeEntity } from './entity-merge.js';
import { findTargets, type BatchTargets } from './entity-targets.js';
import { prepareFetchCall, raiseFailure, type Answered } from './fetch-call.js';
import { isJsonObject, type JsonObject } from './json-object.js';
import { createRepresentationWriters, type RepresentationWriters } from './representations.js';
import { applyRewrites } from './rewrites.js';
import type { TypeConditions } from './type-conditions.js';
import type { OperationRun } from './operation-run.js';
import type { LoomError } from '@loomgraph/core';
import { SubgraphAnswerError } from '../errors.js';

export interface CompiledBatch {
  readonly node: EntityBatch;
  readonly paths: readonly CollectedPath[];
  readonly writers: RepresentationWriters;
  readonly rewrite: ((text: string) => string) | undefined;
  readonly merge: MergeEntity;
}

/** A fetch of entities: asks about the objects at the plan's paths and merges the answers into them. */
export function compileEntityFetch(node: FetchNode, entityBatches: readonly EntityBatch[], context: PlanContext): Step {
  const call = prepareFetchCall(node, context);
  const batches = entityBatches.map((batch) => compileBatch(node, batch, context));
  const settle = createSettle(node, entityBatches, context);

  return (run, done) => {
    const targets = batches.map(({ paths, writers, rewrite }) => findTargets({ run, paths, writers, rewrite }));
    const count = targets.reduce((sum, { representations }) => sum + representations.length, 0);
    if (count === 0) {
      done();
      return;
    }
    const text = batches.map(({ node: { representationsVariable } }, index) => {
      return `"${representationsVariable}":[${targets[index]!.representations.join(',')}]`;
    });
    call.send({
      run,
      done,
      representations: { text: text.join(','), count },
      onFailed: (error) => settle.failed(run, error),
      onAnswered: (answer) => settle.answered(run, answer, batches, targets),
    });
  };
}

/** What becomes of an entity fetch that was sent. */
export interface SettleFetch {
  failed(run: OperationRun, error: LoomError): void;
  /** @param targets of each batch */
  answered(run: OperationRun, answer: Answered, batches: readonly CompiledBatch[], targets: readonly BatchTargets[]): void;
}

/** @param entityBatches of the plan; what is asked may be divided further */
export function createSettle({ subgraph }: FetchNode, entityBatches: readonly EntityBatch[], context: PlanContext): SettleFetch {
  const { types } = context;
  const changed = entityBatches.flatMap(({ paths }) => paths.map((path) => context.pathsBelow(path)));
  const failurePaths = distinctPaths(entityBatches.flatMap(({ paths }) => paths.map(pathAboveLists)));
  return {
    failed: (run, error) => void run.errors.push(...failurePaths.map((path) => raiseFailure(subgraph, error, path))),
    answered(run, { data, errors }, batches, targets) {
      if (errors !== undefined) {
        const asked = batches.map((batch, index) => ({ batch: batch.node, targets: targets[index]! }));
        const { raised, explained } = entityErrors({ data: run.data, subgraph, errors, answered: data, asked, types, failurePaths });
        run.errors.push(...raised);
        run.explained.push(...explained);
      }
      if (!isJsonObject(data)) return;
      batches.forEach((batch, index) => {
        const problem = mergeBatch(batch, targets[index]!, data[batch.node.alias], types);
        if (problem === undefined) return;
        const failure = new SubgraphAnswerError(subgraph, problem);
        run.errors.push(...distinctPaths(batch.node.paths.map(pathAboveLists)).map((path) => raiseFailure(subgraph, failure, path)));
      });
      for (const pathsBelow of changed) for (const number of pathsBelow()) run.collected[number] = undefined;
    },
  };
}

export function compileBatch(fetch: FetchNode, node: EntityBatch, context: PlanContext): CompiledBatch {
  const { types } = context;
  return {
    node,
    paths: node.paths.map((path) => context.pathOf(path)),
    writers: createRepresentationWriters(node.requires, types),
    rewrite: node.inputRewrites.length === 0 ? undefined : (text) => rewriteText(text, node, types),
    merge: compileEntityMerge({ operation: fetch.operation, alias: node.alias, outputRewrites: node.outputRewrites, types }),
  };
}

function rewriteText(text: string, { inputRewrites }: EntityBatch, types: TypeConditions): string {
  const representation: unknown = JSON.parse(text);
  applyRewrites(inputRewrites, representation, types);
  return JSON.stringify(representation);
}

/** @returns what is wrong with the subgraph's answer, if anything */
function mergeBatch(batch: CompiledBatch, targets: BatchTargets, entities: unknown, types: TypeConditions): string | undefined {
  // Null because of an error in the answer, which is raised already.
  if (entities === null || entities === undefined) return undefined;
  if (!Array.isArray(entities)) return `answered ${batch.node.alias} with something that is no list`;
  const asked = targets.representations.length;
  if (entities.length !== asked) return `answered ${entities.length} entities where ${asked} were asked for`;
  let problem: string | undefined;
  /** By position: 1 + the index of the path whose objects got the entity first. */
  const usedBy = new Int32Array(asked);
  targets.byPath.forEach(({ objects, positions }, pathIndex) => {
    const mayShare = batch.paths[pathIndex]!.mayShare();
    for (let index = 0; index < objects.length; index++) {
      const target = objects[index]!;
      const position = positions[index]!;
      const entity: unknown = entities[position];
      if (entity === null || entity === undefined) continue;
      if (!isJsonObject(entity) || isOfOtherType(target, entity, types)) {
        problem ??= 'answered with an entity of another type than it was asked for';
        continue;
      }
      const owner = usedBy[position]!;
      if (owner === 0) {
        usedBy[position] = pathIndex + 1;
        if (batch.node.outputRewrites.length > 0) rewriteEntity(entity, target, batch.node, types);
      }
      batch.merge(target, entity, owner !== 0 && (!mayShare || owner !== pathIndex + 1));
    }
  });
  return problem;
}

function isOfOtherType(target: JsonObject, entity: JsonObject, types: TypeConditions): boolean {
  const asked = target['__typename'];
  const answered = entity['__typename'];
  if (answered === undefined || answered === asked) return false;
  return typeof answered !== 'string' || (types.isConcrete(answered) && typeof asked === 'string' && types.isConcrete(asked));
}

/** Rewrites are conditioned on types, which the plan does not always ask the subgraph for. */
function rewriteEntity(entity: JsonObject, target: JsonObject, { outputRewrites }: EntityBatch, types: TypeConditions): void {
  if (entity['__typename'] === undefined) entity['__typename'] = target['__typename'];
  applyRewrites(outputRewrites, entity, types);
}
