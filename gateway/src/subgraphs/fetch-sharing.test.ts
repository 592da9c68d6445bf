import { createMetrics } from '@loomgraph/telemetry';
import { LoomError } from '@loomgraph/core';
import type { Caller } from '../execution/engine.js';
import type { SubgraphAnswer, SubgraphCall } from '../execution/subgraph-answer.js';
import { createFetchSharing } from './fetch-sharing.js';

const CALLER: Caller = { identity: null, requestId: 'r1', traceparent: undefined };
const TARGET = 'http://a/graphql\n\n{ books { id } }';

/** A call that is answered when the test says so. */
function createPending(): SubgraphCall & { readonly sent: string[]; answer(answer: SubgraphAnswer): void } {
  const sent: string[] = [];
  const waiting: ((answer: SubgraphAnswer) => void)[] = [];
  return {
    sent,
    send(variables, _caller, done) {
      sent.push(variables);
      waiting.push(done);
    },
    answer: (answer) => waiting.shift()?.(answer),
  };
}

const answered = (data: Record<string, unknown>): SubgraphAnswer => ({
  kind: 'answered',
  data,
  errors: undefined,
  hasEscapes: false,
  isAscii: true,
});

describe('shared fetches', () => {
  it('1. are the same text with the same variables, identity and forwarded headers', () => {
    const { share } = createFetchSharing(createMetrics());
    const call = createPending();
    const shared = share(call, TARGET);
    shared.send('"a":1', CALLER, () => {});
    shared.send('"a":1', { ...CALLER, requestId: 'r2' }, () => {});
    share(call, TARGET).send('"a":1', CALLER, () => {});
    expect(call.sent).toHaveLength(1);
    shared.send('"a":2', CALLER, () => {});
    shared.send('"a":1', { ...CALLER, forwardedHeaders: { tenant: 'x' } }, () => {});
    shared.send('"a":1', { ...CALLER, identity: { subject: 'u', roles: [], scopes: [] } as unknown as Caller['identity'] }, () => {});
    share(call, `${TARGET} `).send('"a":1', CALLER, () => {});
    expect(call.sent).toHaveLength(5);
  });

  it('2. are joined until they are answered', () => {
    const { share } = createFetchSharing(createMetrics());
    const call = createPending();
    const shared = share(call, TARGET);
    shared.send('', CALLER, () => {});
    call.answer(answered({}));
    shared.send('', CALLER, () => {});
    expect(call.sent).toHaveLength(2);
  });

  it('3. are not joined across a mutation, and an earlier one ends only itself', () => {
    const { share, mutationEnded } = createFetchSharing(createMetrics());
    const call = createPending();
    const shared = share(call, TARGET);
    shared.send('', CALLER, () => {});
    mutationEnded();
    shared.send('', CALLER, () => {});
    expect(call.sent).toHaveLength(2);
    call.answer(answered({}));
    shared.send('', CALLER, () => {});
    expect(call.sent).toHaveLength(2);
  });

  it('4. give everyone data of their own, of the same value', () => {
    const { share } = createFetchSharing(createMetrics());
    const call = createPending();
    const shared = share(call, TARGET);
    const data = JSON.parse('{"books":[{"id":1,"tags":[["a"],null],"__proto__":{"by":{"name":"x"}}},null],"count":2}') as Record<
      string,
      unknown
    >;
    const text = JSON.stringify(data);
    const received: SubgraphAnswer[] = [];
    const take = (answer: SubgraphAnswer): void => {
      // As the first one's answer is changed while others are still to get theirs.
      expect(answer.kind === 'answered' && JSON.stringify(answer.data)).toBe(text);
      if (answer.kind === 'answered' && answer.data) (answer.data['books'] as Record<string, unknown>[])[0]!['id'] = 'changed';
      received.push(answer);
    };
    for (let index = 0; index < 3; index++) shared.send('', CALLER, take);
    call.answer(answered(data));
    expect(received).toHaveLength(3);
    expect(received.map(({ isShared }) => isShared)).toEqual([true, true, undefined]);
    expect(Object.getPrototypeOf((data['books'] as object[])[0])).toBe(Object.prototype);
  });

  it('tell everyone that they failed', async () => {
    const metrics = createMetrics();
    const { share } = createFetchSharing(metrics);
    const call = createPending();
    const shared = share(call, TARGET);
    const kinds: string[] = [];
    shared.send('', CALLER, ({ kind }) => kinds.push(kind));
    shared.send('', CALLER, ({ kind }) => kinds.push(kind));
    call.answer({ kind: 'failed', error: new LoomError('INTERNAL_SERVER_ERROR', 'down') });
    expect(kinds).toEqual(['failed', 'failed']);
    expect((await metrics.render()).body).toContain('loom_gateway_shared_fetches_total 1');
  });

  it('that cannot be sent keep nobody waiting', () => {
    const { share } = createFetchSharing(createMetrics());
    let calls = 0;
    const shared = share(
      {
        send() {
          calls += 1;
          throw new Error('no');
        },
      },
      TARGET,
    );
    expect(() => shared.send('', CALLER, () => {})).toThrow('no');
    expect(() => shared.send('', CALLER, () => {})).toThrow('no');
    expect(calls).toBe(2);
  });
});
