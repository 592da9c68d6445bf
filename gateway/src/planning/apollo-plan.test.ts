import { fromApolloPlan } from './apollo-plan.js';

const root = { kind: 'Fetch' as const, serviceName: 'a', operation: '{x}', operationName: undefined, operationKind: 'query' as never };

describe('fromApolloPlan', () => {
  it('splits conditions off path segments, wherever they stand', () => {
    const plan = fromApolloPlan({
      kind: 'QueryPlan',
      node: {
        kind: 'Flatten',
        path: ['|[A]', 'as', '@|[B, C]', 'd|[E]', 'f'],
        node: { ...root, requires: [{ kind: 'Field', name: 'id' }] },
      },
    });
    expect(plan).toMatchObject({
      batches: [{ paths: [[{ types: ['A'] }, 'as', '@', { types: ['B', 'C'] }, 'd', { types: ['E'] }, 'f']] }],
    });
  });

  it('reads and writes required fields under one key, and opens fragments without a type', () => {
    const plan = fromApolloPlan({
      kind: 'QueryPlan',
      node: {
        ...root,
        requires: [{ kind: 'InlineFragment', selections: [{ kind: 'Field', name: 'x', alias: 'y' }] }],
        inputRewrites: [{ kind: 'ValueSetter', path: ['... on A', '__typename'], setValueTo: 'B' }],
      },
    });
    expect(plan).toMatchObject({
      batches: [
        {
          requires: [{ kind: 'field', readFrom: ['y'], writeTo: 'y' }],
          inputRewrites: [{ kind: 'set', path: [{ types: ['A'] }, '__typename'], value: 'B' }],
        },
      ],
    });
  });

  it('reads what values of objects above are passed on, apart from variables of the client', () => {
    const contextRewrites = [
      { kind: 'KeyRenamer' as const, path: ['..', '..', '... on Shop', 'owner', 'code'], renameKeyTo: 'contextualArgument_1_0' },
      { kind: 'KeyRenamer' as const, path: ['own'], renameKeyTo: 'contextualArgument_1_1' },
    ];
    const variableUsages = ['first', 'contextualArgument_1_0', 'contextualArgument_1_1'];
    const requires = [{ kind: 'Field' as const, name: 'id' }];
    expect(fromApolloPlan({ kind: 'QueryPlan', node: { ...root, requires, variableUsages, contextRewrites } })).toMatchObject({
      variables: ['first'],
      batches: [
        {
          contexts: [
            { variable: 'contextualArgument_1_0', levels: 2, path: [{ types: ['Shop'] }, 'owner', 'code'] },
            { variable: 'contextualArgument_1_1', levels: 0, path: ['own'] },
          ],
        },
      ],
    });
  });

  it('runs what is left of a subscription after its event', () => {
    const plan = fromApolloPlan({
      kind: 'QueryPlan',
      node: { kind: 'Subscription', primary: { ...root, operationKind: 'subscription' as never }, rest: root },
    });
    expect(plan).toMatchObject({ kind: 'sequence', nodes: [{ operationKind: 'subscription' }, { operationKind: 'query' }] });
  });

  it('refuses what execution cannot do, by name', () => {
    const rewrite = { kind: 'KeyRenamer' as const, path: ['..', 'x'], renameKeyTo: 'y' };
    expect(() => fromApolloPlan({ kind: 'QueryPlan', node: { ...root, contextRewrites: [rewrite] } })).toThrow(
      '@fromContext values to root fields of "a"',
    );
    expect(() => fromApolloPlan({ kind: 'QueryPlan', node: { kind: 'Defer', primary: {}, deferred: [] } })).toThrow('unknown kind "Defer"');
  });
});
