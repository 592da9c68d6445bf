import { fromHivePlan } from './hive-plan.js';

const entityFetch = {
  kind: 'Fetch' as const,
  serviceName: 'b',
  operation: 'query($representations:[_Any!]!){_entities(representations:$representations){...on A{x}}}',
  requires: [
    {
      kind: 'InlineFragment' as const,
      typeCondition: 'A',
      includeIf: 'v',
      selections: [
        { kind: 'Field' as const, name: '_internal_qp_alias_0', alias: 'name', selections: [{ kind: 'Field' as const, name: 'y' }] },
      ],
    },
  ],
};

describe('fromHivePlan', () => {
  it('joins the paths of flatten nodes around each other', () => {
    const plan = fromHivePlan({
      kind: 'QueryPlan',
      node: {
        kind: 'Flatten',
        path: [{ Field: 'as' }, '@'],
        node: {
          kind: 'Condition',
          condition: 'v',
          ifClause: { kind: 'Flatten', path: [{ TypeCondition: ['A', 'B'] }], node: entityFetch },
        },
      },
    });
    expect(plan).toMatchObject({
      kind: 'condition',
      variable: 'v',
      whenTrue: { kind: 'fetch', batches: [{ paths: [['as', '@', { types: ['A', 'B'] }]] }] },
      whenFalse: undefined,
    });
  });

  it('reads required fields by the name they were fetched under and writes them under their own', () => {
    const plan = fromHivePlan({ kind: 'QueryPlan', node: { kind: 'Flatten', path: [], node: entityFetch } });
    expect(plan).toMatchObject({
      batches: [
        {
          alias: '_entities',
          representationsVariable: 'representations',
          requires: [
            {
              kind: 'fragment',
              onType: 'A',
              selections: [
                {
                  kind: 'field',
                  readFrom: ['_internal_qp_alias_0'],
                  writeTo: 'name',
                  selections: [{ writeTo: 'y', selections: undefined }],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it('reads every spelling of a rewrite', () => {
    const plan = fromHivePlan({
      kind: 'QueryPlan',
      node: {
        kind: 'Fetch',
        serviceName: 'a',
        operation: '{x}',
        outputRewrites: [
          { KeyRenamer: { path: [{ Key: 'a' }, { TypenameEquals: ['T'] }, { Key: 'b' }], renameKeyTo: 'c' } },
          { ValueSetter: { path: [{ Key: '__typename' }], setValueTo: 'T' } },
          { kind: 'ValueSetter', path: [{ Key: '__typename' }], setValueTo: 'U' },
        ],
      },
    });
    expect(plan).toMatchObject({
      outputRewrites: [
        { kind: 'rename', path: ['a', { types: ['T'] }, 'b'], to: 'c' },
        { kind: 'set', path: ['__typename'], value: 'T' },
        { kind: 'set', path: ['__typename'], value: 'U' },
      ],
    });
  });

  it('puts the subscription first and keeps what runs per event', () => {
    const primary = { kind: 'Fetch' as const, serviceName: 'a', operationKind: 'subscription' as const, operation: 'subscription{x{id}}' };
    const plan = fromHivePlan({
      kind: 'QueryPlan',
      node: {
        kind: 'Sequence',
        nodes: [
          { kind: 'Subscription', primary },
          { kind: 'Flatten', path: [{ Field: 'x' }], node: entityFetch },
        ],
      },
    });
    expect(plan).toMatchObject({
      kind: 'sequence',
      nodes: [{ operationKind: 'subscription', batches: undefined }, { operationKind: 'query' }],
    });
  });

  it('refuses what it does not know, by name', () => {
    expect(() => fromHivePlan({ kind: 'QueryPlan', node: { kind: 'Defer', primary: {}, deferred: [] } })).toThrow(
      expect.objectContaining({ code: 'INTERNAL_SERVER_ERROR', message: 'The plan has a node of the unknown kind "Defer".' }),
    );
  });
});
