import type { Authorizer, Identity } from '@loomgraph/auth';
import { createPolicyDecider } from './create-policy-decider.js';

const ada: Identity = { userId: 'ada', roles: ['admin'], scopes: [], issuedAt: new Date(0), expiresAt: new Date(1) };

describe('policies of the product', () => {
  it('are roles of the token, and permissions the authorizer gives', async () => {
    const asked: unknown[] = [];
    const authorizer = {
      check: async (subject: Identity | null, action: string, resource: object) => {
        asked.push([subject?.userId, action, resource]);
        return { allowed: action === 'update', reason: 'role' as const };
      },
    } as unknown as Authorizer; // no more of it is asked
    const { decide } = createPolicyDecider({ authorizer });
    const policies = [
      'role:admin',
      'role:owner',
      'permission:template.update',
      'permission:template.delete',
      'anything',
      'role:',
      'permission:x',
    ];
    expect(await decide(ada, policies)).toEqual(new Set(['role:admin', 'permission:template.update']));
    expect(asked).toEqual([
      ['ada', 'update', { type: 'template' }],
      ['ada', 'delete', { type: 'template' }],
    ]);
    expect(await decide(null, ['role:admin'])).toEqual(new Set());
  });

  it('are met by nobody where nobody decides', async () => {
    expect(await createPolicyDecider().decide(ada, ['permission:template.update'])).toEqual(new Set());
  });

  it('cannot be decided while the policy data cannot be read', async () => {
    const authorizer = { check: () => Promise.reject(new Error('away')) } as unknown as Authorizer; // no more of it is asked
    await expect(createPolicyDecider({ authorizer }).decide(ada, ['permission:template.update'])).rejects.toThrow('away');
  });
});
