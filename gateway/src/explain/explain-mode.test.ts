import type { Identity } from '@loomgraph/auth';
import type { EngineRequest } from '../execution/engine.js';
import { OperationRefused } from '../execution/operation-refused.js';
import { explainModeOf } from './explain-mode.js';
import type { ExplainSetting } from './explain-setting.js';

const request = (explain: unknown, roles?: readonly string[]): EngineRequest => {
  const time = new Date(0);
  const identity: Identity | null = roles === undefined ? null : { userId: 'u', roles, scopes: [], issuedAt: time, expiresAt: time };
  return {
    query: '{ a }',
    operationName: undefined,
    variables: undefined,
    extensions: { explain },
    readOnly: false,
    acceptsIncremental: false,
    caller: { identity, requestId: 'r' },
  };
};

describe('explainModeOf', () => {
  it.each([
    [true, 'full'],
    ['full', 'full'],
    ['plan', 'plan'],
    [false, undefined],
    [null, undefined],
    [undefined, undefined],
  ])('reads %p as %p', (asked, mode) => {
    expect(explainModeOf(request(asked), 'public')).toBe(mode);
  });

  it.each([['admin'], ['explain']])('explains to the role %s', (role) => {
    expect(explainModeOf(request(true, ['reader', role]), 'role')).toBe('full');
  });

  it.each<[string, EngineRequest, ExplainSetting, string, number]>([
    ['an anonymous caller', request(true), 'role', 'UNAUTHENTICATED', 401],
    ['a caller without the role', request('plan', ['reader']), 'role', 'FORBIDDEN', 403],
    ['an admin where it is off', request(true, ['admin']), 'off', 'FORBIDDEN', 403],
    ['an unknown mode', request('all', ['admin']), 'role', 'BAD_REQUEST', 400],
  ])('refuses %s', (_title, asked, setting, code, status) => {
    let refusal: unknown;
    try {
      explainModeOf(asked, setting);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(OperationRefused);
    expect(refusal).toMatchObject({ code, status });
  });
});
