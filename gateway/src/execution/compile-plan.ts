import { assertNever } from '@loomgraph/core';
import { EVERY_ITEM, type FetchNode, type PlanNode, type PlanPath } from '../planning/plan.js';
import { compileCollector } from './collect-objects.js';
import { compileContextFetch, passesContext } from './context-fetch.js';
import { compileEntityFetch } from './entity-fetch.js';
import { internalError } from './fetch-call.js';
import type { CollectedPath, PlanContext, Step } from './plan-context.js';
import { compileRootFetch } from './root-fetch.js';
import type { LiveSource } from '../live/live-plan.js';

/** A plan that can be run, beside what it was compiled from, which its closures hold parts of anyway. */
export interface ExecutablePlan {
  readonly node: PlanNode;
  readonly run: Step;
  /** Of a subscription: what its events are; the plan runs for each of them. */
  readonly source?: LiveSource | undefined;
}

/** Compiles a plan once; what comes of it runs any number of times. */
export function compilePlan(node: PlanNode, deps: Pick<PlanContext, 'subgraphs' | 'types'>): ExecutablePlan {
  return { node, run: compileNode(node, createContext(deps)) };
}

/** Compiles the nodes of one plan that is run in pieces. */
export function createPlanCompiler(deps: Pick<PlanContext, 'subgraphs' | 'types'>): (node: PlanNode) => Step {
  const context = createContext(deps);
  return (node) => compileNode(node, context);
}

function createContext(deps: Pick<PlanContext, 'subgraphs' | 'types'>): PlanContext {
  const paths = new Map<string, CollectedPath>();
  const apart: PlanPath[] = [];
  return {
    ...deps,
    pathOf(path) {
      const key = JSON.stringify(path);
      let known = paths.get(key);
      if (known === undefined) {
        const mayShare = (): boolean => !apart.some((other) => startsWith(other, path));
        paths.set(key, (known = { number: paths.size, path, collect: compileCollector(path, deps.types), mayShare }));
      }
      return known;
    },
    keepApart: (path) => void apart.push(path),
    pathsBelow(path) {
      let numbers: readonly number[] | undefined;
      return () => (numbers ??= [...paths.values()].filter((other) => isBelow(other.path, path)).map(({ number }) => number));
    },
  };
}

/** Whether `path` goes through what `ancestor` reaches and on. Conditions on types are left out: they only ever narrow. */
function isBelow(path: PlanPath, ancestor: PlanPath): boolean {
  return startsWith(path, ancestor) && keysOf(path).length > keysOf(ancestor).length;
}

function startsWith(path: PlanPath, ancestor: PlanPath): boolean {
  const keys = keysOf(path);
  return keysOf(ancestor).every((key, index) => key === keys[index]);
}

/** `@` is left out too: a planner may end a path at a list or at its items. */
function keysOf(path: PlanPath): PlanPath {
  return path.filter((segment) => typeof segment === 'string' && segment !== EVERY_ITEM);
}

function compileNode(node: PlanNode | undefined, context: PlanContext): Step {
  if (node === undefined) return (_run, done) => done();
  switch (node.kind) {
    case 'fetch':
      return announced(node.id, guarded(replayable(node, compileFetch(node, context))));
    case 'sequence':
      return inSequence(node.nodes.map((child) => compileNode(child, context)));
    case 'parallel':
      return inParallel(node.nodes.map((child) => compileNode(child, context)));
    case 'condition': {
      const whenTrue = compileNode(node.whenTrue, context);
      const whenFalse = compileNode(node.whenFalse, context);
      return (run, done) => (run.variables[node.variable] === true ? whenTrue : whenFalse)(run, done);
    }
    default:
      return assertNever(node);
  }
}

function compileFetch(node: FetchNode, context: PlanContext): Step {
  if (node.batches === undefined) return compileRootFetch(node, context);
  const [batch] = node.batches;
  if (batch !== undefined && passesContext(batch)) return compileContextFetch(node, batch, context);
  return compileEntityFetch(node, node.batches, context);
}

/** While an earlier execution is replayed, its fetch is sent instead. */
function replayable(node: FetchNode, step: Step): Step {
  return (run, done) => (run.replay === undefined ? step(run, done) : run.replay.fetch(node, run, done));
}

/** What breaks in a fetch costs the fields it should have brought, not the process. A fetch that began calls `done` itself. */
function guarded(step: Step): Step {
  return (run, done) => {
    try {
      step(run, done);
    } catch (error) {
      run.errors.push(internalError(error));
      done();
    }
  };
}

/** Tells the deferred parts that start from a fetch that it has been merged. */
function announced(id: string | undefined, step: Step): Step {
  if (id === undefined) return step;
  return (run, done) =>
    step(run, () => {
      run.onFetched?.(id);
      done();
    });
}

function inSequence(steps: readonly Step[]): Step {
  return (run, done) => {
    let next = 0;
    const proceed = (): void => {
      const step = steps[next++];
      if (step === undefined) done();
      else step(run, proceed);
    };
    proceed();
  };
}

function inParallel(steps: readonly Step[]): Step {
  return (run, done) => {
    let running = steps.length;
    const finish = (): void => {
      running -= 1;
      if (running === 0) done();
    };
    for (const step of steps) step(run, finish);
  };
}
