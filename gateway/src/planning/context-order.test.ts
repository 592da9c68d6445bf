import { withContextsBrought } from './context-order.js';
import type { ContextValue, FetchNode, PlanNode, PlanPath } from './plan.js';

function entities(path: PlanPath, selection: string, contexts: readonly ContextValue[] = []): FetchNode {
  return {
    kind: 'fetch',
    subgraph: 'a',
    operation: `query($representations:[_Any!]!){_entities(representations:$representations){${selection}}}`,
    operationName: undefined,
    operationKind: 'query',
    variables: [],
    batches: [
      {
        alias: '_entities',
        representationsVariable: 'representations',
        paths: [path],
        requires: [],
        inputRewrites: [],
        outputRewrites: [],
        contexts,
      },
    ],
    outputRewrites: [],
  };
}

const THEME: ContextValue = { variable: 'v', levels: 2, path: [{ types: ['Mall'] }, 'theme'] };
const waiting = entities(['malls', '@', 'shops', '@', 'item'], '...on Item{themed(theme:$v)}', [THEME]);
const bringing = entities(['malls', '@'], '...on Mall{theme}');
const other = entities(['malls', '@'], '...on Mall{level}');

const parallel = (...nodes: readonly PlanNode[]): PlanNode => ({ kind: 'parallel', nodes });
const sequence = (...nodes: readonly PlanNode[]): PlanNode => ({ kind: 'sequence', nodes });

describe('withContextsBrought', () => {
  it('puts a fetch behind the one beside it that brings what it passes on', () => {
    expect(withContextsBrought(parallel(waiting, bringing, other))).toEqual(sequence(parallel(bringing, other), waiting));
    expect(withContextsBrought(sequence(parallel(sequence(other, waiting), bringing)))).toEqual(
      sequence(sequence(bringing, sequence(other, waiting))),
    );
  });

  it('leaves fetches side by side that bring something else', () => {
    const plan = parallel(waiting, other, entities(['others', '@'], '...on Mall{theme}'));
    expect(withContextsBrought(plan)).toEqual(plan);
  });

  it('leaves fetches that wait for each other as they are', () => {
    const plan = parallel(
      entities(['a', 'b'], 'x', [{ variable: 'v', levels: 1, path: ['y'] }]),
      entities(['a'], 'y b{n}', [{ variable: 'v', levels: 0, path: ['b', 'x'] }]),
    );
    expect(withContextsBrought(plan)).toEqual(plan);
  });
});
