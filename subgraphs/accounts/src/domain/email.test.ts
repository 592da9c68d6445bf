import { normaliseEmail } from './email.js';
import { acceptPassword } from './password.js';

describe('A1 e-mail addresses', () => {
  it.each([
    [' Ada@Example.COM ', 'ada@example.com'],
    ['ａｄａ@example.com', 'ada@example.com'],
    ["o'neil+tag@sub.example.co.uk", "o'neil+tag@sub.example.co.uk"],
    ['admin@localhost', 'admin@localhost'],
    ['用户@example.com', '用户@example.com'],
  ])('keeps %j as %j', (given, kept) => {
    expect(normaliseEmail(given)).toBe(kept);
  });

  it.each([
    '',
    'ada',
    '@example.com',
    'ada@',
    'a@b@c',
    'a b@example.com',
    'a@example.com,b@example.com',
    '<a@example.com>',
    'a@-example.com',
    'a@example..com',
    'a@example.com\nBcc: b@example.com',
    `${'x'.repeat(65)}@example.com`,
    `a@${'x.'.repeat(130)}com`,
  ])('refuses %j', (given) => {
    expect(() => normaliseEmail(given)).toThrow('This is no e-mail address');
  });
});

describe('A2 passwords', () => {
  it('counts characters, not code units, and keeps blanks', () => {
    expect(acceptPassword('😀'.repeat(10), 'a@example.com')).toBe('😀'.repeat(10));
    expect(() => acceptPassword('😀'.repeat(9), 'a@example.com')).toThrow('this one has 9');
    expect(acceptPassword('          ', 'a@example.com')).toBe('          ');
    expect(acceptPassword('x'.repeat(128), 'a@example.com')).toHaveLength(128);
    expect(() => acceptPassword('x'.repeat(129), 'a@example.com')).toThrow('10 to 128 characters');
  });

  it('refuses the address, whole or before the @', () => {
    expect(() => acceptPassword('Somebody@Example.com', 'somebody@example.com')).toThrow('first password anyone would try');
    expect(() => acceptPassword('somebody.long', 'somebody.long@example.com')).toThrow('first password anyone would try');
  });
});
