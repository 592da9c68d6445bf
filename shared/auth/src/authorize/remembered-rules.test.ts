import { rememberRules } from './remembered-rules.js';
import { SubjectPolicy, type Situation } from './subject-policy.js';

const situation: Situation = { type: 'job', action: 'read', companyId: null, isOwn: false, isShared: false, isGranted: false };
/** Roles as `hr`, or `hr@c1` where they are held for a company. */
const subject = (userId: string, ...roles: readonly string[]) => {
  const held = roles.map((one) => one.split('@')).map(([role = '', companyId = null]) => ({ role, companyId }));
  return new SubjectPolicy(userId, { roles: held, groups: [], grants: [] }, []);
};

describe('A3 an engine that is asked once for those who hold the same roles', () => {
  const counted = (maxKept = 100) => {
    const asked: string[] = [];
    const engine = rememberRules(
      {
        decide(subject, { type, action, companyId, isOwn, isShared }) {
          asked.push(`${subject.userId} ${type}:${action} ${companyId} ${isOwn} ${isShared}`);
          return subject.holds('hr', companyId) ? { role: 'hr', type, action, reach: 'any' } : undefined;
        },
      },
      { maxKept },
    );
    return { asked, engine };
  };

  it('asks once for the same roles, in whatever order and company, and for a refusal', () => {
    const { asked, engine } = counted();
    const hr = { role: 'hr', type: 'job', action: 'read', reach: 'any' };
    const a = subject('a', 'hr@c1', 'viewer@c1', 'owner@c2');
    const b = subject('b', 'viewer@c9', 'hr@c9');
    expect(engine.decide(a, { ...situation, companyId: 'c1' })).toEqual(hr);
    expect(engine.decide(b, { ...situation, companyId: 'c9' })).toEqual(hr);
    expect(asked).toHaveLength(1);
    for (const one of [a, b, a]) expect(engine.decide(one, situation)).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('asks anew for whatever a rule can tell apart', () => {
    const { asked, engine } = counted();
    const a = subject('a', 'hr@c1', 'owner@c2');
    const b = subject('b', 'hr');
    const c = subject('c', 'hr","owner@c1');
    const different: [SubjectPolicy, Partial<Situation>][] = [
      [a, {}],
      [a, { companyId: 'c1' }],
      [a, { companyId: 'c2' }],
      [a, { type: 'company' }],
      [a, { action: 'delete' }],
      [a, { isOwn: true }],
      [a, { isShared: true }],
      [b, { companyId: 'c2' }],
      [subject('d', 'hr', 'owner'), {}],
      [c, { companyId: 'c1' }],
    ];
    for (const [one, more] of different) engine.decide(one, { ...situation, ...more });
    // `b` holds everywhere what `a` holds in c1.
    expect(asked).toHaveLength(different.length - 1);
  });

  it('keeps so many, and is right beyond', () => {
    const { engine } = counted(2);
    for (let turn = 0; turn < 3; turn++)
      for (const role of ['hr', 'x', 'y', 'z'])
        expect([role, engine.decide(subject('a', role), situation) !== undefined]).toEqual([role, role === 'hr']);
  });
});
