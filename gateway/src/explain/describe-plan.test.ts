import type { FetchNode } from '../planning/plan.js';
import { describeDeferPlan, describePlan } from './describe-plan.js';
import { rootFetch } from './root-fetch.fixture.js';

const fetch: FetchNode = {
  kind: 'fetch',
  subgraph: 'reviews',
  operation: 'query($r:[_Any!]!){_entities(representations:$r){...on Product{reviews{body}}}}',
  operationName: undefined,
  operationKind: 'query',
  variables: ['first'],
  batches: [
    {
      alias: '_entities',
      representationsVariable: 'r',
      paths: [['search', '@', { types: ['Product', 'Book'] }, 'item']],
      requires: [
        {
          kind: 'fragment',
          onType: 'Product',
          selections: [
            { kind: 'field', readFrom: ['__typename'], writeTo: '__typename', selections: undefined },
            {
              kind: 'field',
              readFrom: ['size'],
              writeTo: 'dimensions',
              selections: [{ kind: 'field', readFrom: ['cm'], writeTo: 'cm', selections: undefined }],
            },
          ],
        },
      ],
      inputRewrites: [],
      outputRewrites: [],
    },
  ],
  outputRewrites: [],
};

describe('describePlan', () => {
  it('writes operations, paths and required fields to be read', () => {
    expect(describePlan(fetch, undefined)).toEqual({
      kind: 'fetch',
      subgraph: 'reviews',
      operation:
        'query ($r: [_Any!]!) {\n  _entities(representations: $r) {\n    ... on Product {\n      reviews {\n        body\n      }\n    }\n  }\n}',
      variables: ['$first'],
      entities: [
        { alias: '_entities', paths: ['search.@|[Product Book].item'], requires: '... on Product { __typename dimensions: size { cm } }' },
      ],
    });
  });

  it('says how each fetch went, and which were not sent', () => {
    const sent: FetchNode = { ...fetch };
    const record = { startMs: 1, durationMs: 2, representations: 3, errors: 0 };
    const plan = describePlan({ kind: 'sequence', nodes: [sent, fetch] }, new Map([[sent, record]]));
    expect(plan).toMatchObject({ kind: 'sequence', nodes: [{ run: record }, { run: null }] });
  });

  it('keeps both sides of a condition', () => {
    const node = { kind: 'condition', variable: 'more', whenTrue: fetch, whenFalse: undefined } as const;
    const described = describePlan(node, undefined);
    expect(described).toMatchObject({ kind: 'condition', if: '$more', whenTrue: { subgraph: 'reviews' } });
    expect(described).not.toHaveProperty('whenFalse');
  });

  it('says what is passed on from objects above', () => {
    const contexts = [{ variable: 'contextualArgument_1_0', levels: 2, path: [{ types: ['Shop'] }, 'owner', 'name'] }];
    const batches = fetch.batches?.map((batch) => ({ ...batch, contexts }));
    expect(describePlan({ ...fetch, batches }, undefined)).toMatchObject({
      entities: [{ passes: { $contextualArgument_1_0: '../../|[Shop].owner.name' } }],
    });
  });

  it('says which fetches deferred parts start from', () => {
    const primary = { ...rootFetch('a'), id: '0' };
    const inner = { primary: rootFetch('c'), deferred: [] };
    const part = { label: 'p', depends: ['0'], plan: { primary: rootFetch('b'), deferred: [{ label: 'q', depends: [], plan: inner }] } };
    const described = describeDeferPlan({ primary, deferred: [part] }, new Map([[primary, { startMs: 1, durationMs: 2, errors: 0 }]]));
    expect(described).toMatchObject({
      kind: 'defer',
      primary: { id: '0', subgraph: 'a', run: { startMs: 1 } },
      parts: [
        { after: ['0'], plan: { kind: 'defer', primary: { subgraph: 'b', run: null }, parts: [{ after: [], plan: { subgraph: 'c' } }] } },
      ],
    });
    expect(describeDeferPlan({ primary: undefined, deferred: [] }, undefined)).toBeNull();
  });
});
