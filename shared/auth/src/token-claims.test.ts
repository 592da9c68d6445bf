import { identityOfClaims } from './token-claims.js';

const claims = (sub: string) => ({ sub, iat: 0, exp: 60 });
const userIdOf = (sub: string, subjectPrefix?: string): string => identityOfClaims(claims(sub), { subjectPrefix }).userId;

describe('the user id of a token', () => {
  it('is the subject, after the name of a foreign issuer', () => {
    expect([userIdOf('ada'), userIdOf('ada', 'acme:'), userIdOf('x'.repeat(64))]).toEqual(['ada', 'acme:ada', 'x'.repeat(64)]);
  });

  // A subject of 65 characters and more did not fit into a record: writes failed with INTERNAL_SERVER_ERROR.
  it('fits into every record, and stays apart from all others', () => {
    const long = 'x'.repeat(250);
    const ids = [
      userIdOf(long),
      userIdOf(`${long}y`),
      userIdOf(long, 'acme:'),
      userIdOf(long, 'other:'),
      userIdOf(long, `${'a'.repeat(30)}:`),
    ];
    expect(ids.every((id) => id.length <= 64)).toBe(true);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[2]).toMatch(/^acme:[\w-]{43}$/);
    expect(userIdOf(long, 'acme:')).toBe(ids[2]);
  });
});
