import { gazetteer } from './gazetteer.js';
import { impliedBy } from './implied-skills.js';

describe('R4 what a skill implies', () => {
  it('every name of the table is one of the gazetteer', () => {
    const known = new Set(gazetteer.map(({ name }) => name));
    const named = [...impliedBy].flatMap(([name, parts]) => [name, ...parts]);
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('goes through parts of parts, and never up again', () => {
    expect(impliedBy.get('机器学习')).toContain('PyTorch');
    expect(impliedBy.get('数据科学')).toContain('PyTorch');
    expect(impliedBy.get('自然语言处理')).toContain('RAG');
    expect(impliedBy.get('深度学习')?.has('机器学习')).toBe(false);
    expect(impliedBy.has('PyTorch')).toBe(false);
  });

  it('no skill is a part of itself', () => {
    expect([...impliedBy].filter(([name, parts]) => parts.has(name))).toEqual([]);
  });
});
