import { SubgraphUnavailableError } from '../errors.js';
import type { Caller } from '../execution/engine.js';
import { recordRequest } from './record-request.js';
import { rootFetch } from './root-fetch.fixture.js';

const caller: Caller = { identity: null, requestId: 'r' };

describe('recordRequest', () => {
  it('takes the time of stages and fetches from the beginning of the request', () => {
    let now = 100;
    const record = recordRequest(() => now);
    const [good, bad] = [rootFetch('good'), rootFetch('bad')];
    now += 2;
    const executed = record.begin('execute');
    const first = record.fetch({ node: good, caller, representations: 3 });
    now += 0.5;
    const second = record.fetch({ node: bad, caller, representations: undefined });
    now += 1;
    first.end({ kind: 'answered', data: {}, errors: [{ message: 'a' }], hasEscapes: false, isAscii: true, status: 200, bytes: 12 });
    now += 1;
    second.end({ kind: 'failed', error: new SubgraphUnavailableError('bad', 'is gone') });
    executed();
    expect(first.caller).toBe(caller);
    expect(record.stages).toEqual({ execute: 2.5 });
    expect(record.elapsedMs()).toBe(4.5);
    expect(record.fetches.get(good)).toEqual({ startMs: 2, durationMs: 1.5, representations: 3, errors: 1, status: 200, bytes: 12 });
    expect(record.fetches.get(bad)).toEqual({ startMs: 2.5, durationMs: 2, errors: 1, failed: 'SUBGRAPH_UNAVAILABLE' });
  });
});
