import { FileRefused } from './errors.js';
import { checkedFileName } from './file-name.js';

describe('checkedFileName', () => {
  it.each([
    ['resume.pdf', 'resume.pdf'],
    ['  张三：简历 v2（终）.docx ', '张三：简历 v2（终）.docx'],
    // As macOS sends it: e and an accent of its own.
    ['re\u0301sume\u0301.pdf', 'résumé.pdf'],
    ['.profile.md', '.profile.md'],
    ["o'brien; rm -rf $HOME.md", "o'brien; rm -rf $HOME.md"],
    [`${'a'.repeat(252)}.md`, `${'a'.repeat(252)}.md`],
  ])('%j is kept as %j', (name, kept) => {
    expect(checkedFileName(name)).toBe(kept);
  });

  it.each([
    '',
    '   ',
    '.',
    '..',
    '...',
    'a/b.md',
    '..\\b.md',
    '<b>.md',
    'a\nb.md',
    'a\0.md',
    'a\u202Egpj.md',
    'a\u200Bb.md',
    '\ud83d.md',
    `${'简'.repeat(85)}.md`,
  ])('%j is refused', (name) => {
    expect(() => checkedFileName(name)).toThrow(FileRefused);
  });
});
