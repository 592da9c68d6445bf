import { analyse } from '../understanding/analyse.js';
import { passagesOf } from './passages.js';

const now = new Date('2026-01-15T00:00:00Z');
const cut = (text: string): readonly string[] => [...text];
const passages = (text: string) =>
  passagesOf(text, analyse(text, { cut, now })).map(({ kind, start, end }) => ({ kind, text: text.slice(start, end) }));

describe('R4 passages of a resume', () => {
  it('are its sections, and each position by itself with what is said of it', () => {
    const found = passages(
      [
        'Ann Example',
        'Work Experience',
        'Acme Inc | Senior Engineer | 2018-03 - 2022-06',
        '- Ran clusters',
        'Globex Corp | Engineer | 2014-01 - 2018-02',
        '- Wrote payroll',
        'Education',
        'Stanford University | 2010 - 2013',
      ].join('\n'),
    );
    expect(found).toEqual([
      { kind: 'header', text: 'Ann Example' },
      { kind: 'work', text: 'Work Experience\nAcme Inc | Senior Engineer | 2018-03 - 2022-06\n- Ran clusters' },
      { kind: 'work', text: 'Globex Corp | Engineer | 2014-01 - 2018-02\n- Wrote payroll' },
      { kind: 'education', text: 'Education\nStanford University | 2010 - 2013' },
    ]);
  });

  it.each([
    ['lines', `${'a line of some words\n'.repeat(300)}end`, /(?:words|end)$/],
    ['sentences', '这是一句话。'.repeat(1_000), /。$/],
    ['words', 'word '.repeat(1_000).trim(), /word$/],
    ['nothing to end at', '🙂'.repeat(3_001), /🙂$/u],
  ])('of a long section end with %s, and lose nothing', (_what, long, whole) => {
    const found = passages(`Ann\nSummary\n${long}`).filter(({ kind }) => kind === 'summary');
    expect(found.length).toBeGreaterThan(1);
    for (const { text } of found) {
      expect(text.length).toBeLessThanOrEqual(2_000);
      expect(text).toMatch(whole);
    }
    const bare = (text: string): string => text.replace(/\s/g, '');
    expect(bare(found.map(({ text }) => text).join(''))).toBe(bare(`Summary${long}`));
  });
});
