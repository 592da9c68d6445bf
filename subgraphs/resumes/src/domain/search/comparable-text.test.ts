import { analyse } from '../understanding/analyse.js';
import { comparableText } from './comparable-text.js';

const now = new Date('2026-01-15T00:00:00Z');
const cut = (text: string): readonly string[] => [...text];
const comparable = (text: string, span = { start: 0, end: text.length }): string =>
  comparableText(text, span, analyse(text, { cut, now }).contact);

describe('R4 what of a passage is embedded', () => {
  const text = ['Ann Example', 'Senior Engineer', 'ann@example.com | +1 415 555 2671 | github.com/ann', 'Summary', 'Builds bridges.'].join(
    '\n',
  );

  it('is what somebody does, not who it is', () => {
    const left = comparable(text);
    expect(left).toContain('Senior Engineer');
    expect(left).toContain('Builds bridges.');
    for (const personal of ['Ann', 'example.com', '555', 'github']) expect(left).not.toContain(personal);
  });

  it('is the passage alone, and nothing where it says but who it is', () => {
    expect(comparable(text, { start: text.indexOf('Summary'), end: text.length })).toBe('Summary\nBuilds bridges.');
    expect(comparable(text, { start: 0, end: 'Ann Example'.length })).toBe('');
    const reach = text.indexOf('ann@');
    expect(comparable(text, { start: reach, end: text.indexOf('\nSummary') })).toBe('');
  });
});
