import { snippetOf } from './snippet.js';

describe('R4 what is shown of a passage', () => {
  const text = `Title\n${'before '.repeat(60)}\nRan Kubernetes clusters ${'after '.repeat(80)}`;
  const passage = { start: 6, end: text.length };

  it('is around the first of the words, from the beginning of its line', () => {
    const snippet = snippetOf(text, passage, ['clusters', 'kubernetes', 'nowhere']);
    expect(snippet.text).toMatch(/^Ran Kubernetes clusters after/);
    expect(snippet.text).toHaveLength(240);
    expect(snippet.text).toBe(text.slice(snippet.start, snippet.end));
  });

  it('is the beginning where it holds none of them, and all of it where it is short', () => {
    expect(snippetOf(text, passage, ['nowhere'])).toMatchObject({ start: 6, end: 246 });
    expect(snippetOf(text, { start: 0, end: 5 }, [])).toEqual({ start: 0, end: 5, text: 'Title' });
  });

  it('is where a word begins, not where another one ends in it', () => {
    const long = `${'Was good at cargo and bingo.\n'.repeat(20)}Wrote services in Go.`;
    expect(snippetOf(long, { start: 0, end: long.length }, ['go']).text).toBe('Was good at cargo and bingo.\n'.repeat(9).slice(0, 240));
    const without = long.replaceAll('good', 'fine');
    expect(snippetOf(without, { start: 0, end: without.length }, ['go']).text).toBe('Wrote services in Go.');
    expect(snippetOf(`${'甲'.repeat(300)}微服务`, { start: 0, end: 303 }, ['服务']).text).toContain('微服务');
  });

  it('never cuts a character in two', () => {
    const faces = '🙂'.repeat(400);
    for (const words of [['x'], []]) {
      const { text: shown } = snippetOf(`${faces}x${faces}`, { start: 0, end: 1_601 }, words);
      expect(shown).toBe(shown.toWellFormed());
    }
    expect(snippetOf(`a${faces}`, { start: 0, end: 801 }, []).text).toBe(`a${'🙂'.repeat(119)}`);
  });
});
