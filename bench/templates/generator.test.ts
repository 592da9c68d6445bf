import { generateQueries, generateTemplates, PLANTED, PLANTED_QUERY } from './generator.ts';

describe('generateTemplates', () => {
  const templates = generateTemplates(500, 1);

  it('gives the same for the same seed, and as many as asked', () => {
    expect(templates).toHaveLength(500);
    expect(generateTemplates(500, 1)).toEqual(templates);
    expect(generateTemplates(500, 2)[0]).not.toEqual(templates[0]);
  });

  it('gives rows that an import takes', () => {
    expect(new Set(templates.map(({ slug }) => slug)).size).toBe(500);
    for (const { slug, category, name, tags, difficulty } of templates) {
      expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(category).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(name.length).toBeLessThanOrEqual(200);
      expect(tags.every((tag) => tag.length > 0 && tag.length <= 50)).toBe(true);
      expect([1, 2, 3, 4, 5]).toContain(difficulty);
    }
  });

  it('is about half Chinese and half English', () => {
    const chinese = templates.filter(({ language }) => language === 'zh').length;
    expect(chinese).toBeGreaterThan(200);
    expect(chinese).toBeLessThan(300);
  });

  it('plants one that holds words of the search for it and shares none with the others', () => {
    expect(templates.at(-1)).toBe(PLANTED);
    expect(PLANTED.name.toLowerCase()).toContain('harpsichord');
    expect(PLANTED_QUERY).toContain('harpsichord');
    expect(templates.slice(0, -1).some((template) => JSON.stringify(template).includes('harpsichord'))).toBe(false);
  });
});

describe('generateQueries', () => {
  it('varies', () => {
    const queries = generateQueries(500, 1);
    expect(queries).toHaveLength(500);
    expect(new Set(queries).size).toBeGreaterThan(400);
    expect(generateQueries(500, 1)).toEqual(queries);
  });
});
