import type { AuditEntry, Identity } from '@loomgraph/auth';
import { LoomError } from '@loomgraph/core';
import type { AnswerReport } from '../execution/engine.js';
import { createAuditDenials } from './audit-denials.js';

const identity: Identity = { userId: 'u1', roles: [], scopes: [], issuedAt: new Date(0), expiresAt: new Date(1) };
const report = (...errorCodes: string[]): AnswerReport => ({
  operationName: 'Secrets',
  operationKind: 'query',
  outcome: 'partial',
  errorCodes,
});

function open() {
  const entries: AuditEntry[] = [];
  return { entries, denials: createAuditDenials({ sink: { record: (entry) => entries.push(entry) }, clock: { now: () => new Date(5) } }) };
}

describe('what the gateway denies', () => {
  it('is written down where fields of a known caller were cut', () => {
    const { entries, denials } = open();
    const caller = { identity, requestId: 'r1', clientAddress: '203.0.113.7' };
    denials.answered(caller, report('UNAUTHORIZED_FIELD_OR_TYPE'));
    expect(entries).toEqual([
      {
        actor: { userId: 'u1', address: '203.0.113.0/24' },
        action: 'field.read',
        resource: { type: 'Operation', id: 'Secrets' },
        outcome: 'denied',
        reason: 'UNAUTHORIZED_FIELD_OR_TYPE',
        occurredAt: new Date(5),
        requestId: 'r1',
      },
    ]);
    denials.answered(caller, report('FORBIDDEN'));
    denials.answered({ ...caller, identity: null }, report('UNAUTHORIZED_FIELD_OR_TYPE'));
    expect(entries).toHaveLength(1);
  });

  it('is written down where a token was used that is taken back, not where anybody made one up', () => {
    const { entries, denials } = open();
    const request = { requestId: 'r1', clientAddress: '203.0.113.7' };
    denials.refused(new LoomError('UNAUTHENTICATED', 'no', { details: { reason: 'revoked' } }), request);
    denials.refused(new LoomError('UNAUTHENTICATED', 'no', { details: { reason: 'bad-signature' } }), request);
    denials.refused(new Error('other'), request);
    expect(entries).toMatchObject([{ action: 'token.use', reason: 'revoked', actor: { address: '203.0.113.0/24' } }]);
  });
});
