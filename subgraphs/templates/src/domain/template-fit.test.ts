import { fitOf, type ResumeProfile } from './template-fit.js';
import type { Template } from './template.js';

const said = (name: string) => ({ name, quote: `“${name}”` });
const engineer: ResumeProfile = {
  language: 'zh-CN',
  seniority: said('senior'),
  positions: [said('高级后端工程师'), said('Product Designer')],
  skills: [said('DevOps'), said('Java'), said('Go')],
};
const template = (more: Partial<Template>): Template =>
  ({ id: 't', name: '简历', tags: [], industry: null, experienceLevel: null, language: 'zh', ...more }) as Template; // what is compared of one
const fit = (more: Partial<Template>, profile: ResumeProfile = engineer) => fitOf(profile, template(more), 'zh');
const kinds = (more: Partial<Template>) => fit(more).reasons.map(({ kind }) => kind);

describe('R5 how a template suits a resume', () => {
  it.each<[Partial<Template>, number, readonly string[]]>([
    [{ tags: ['后端'] }, 100, ['position']],
    [{ name: 'Product Designer Case Studies' }, 100, ['position']],
    [{ tags: ['后端'], experienceLevel: 'senior' }, 100, ['position', 'level']],
    [{ tags: ['后端'], experienceLevel: 'mid' }, 85, ['position', 'level']],
    [{ tags: ['后端'], experienceLevel: '初级' }, 70, ['position']],
    [{ tags: ['后端'], experienceLevel: 'of all kinds' }, 100, ['position']],
    [{ tags: ['devops'] }, 40, ['skill']],
    [{ tags: ['devops'], name: 'Java resume' }, 80, ['skill', 'skill']],
    // The right rank of another profession suits nobody.
    [{ tags: ['护士'], experienceLevel: 'senior' }, 0, []],
    // Go is a word of its own, and JavaScript is not Java.
    [{ name: 'Good JavaScript resumes', tags: ['mongo'] }, 0, []],
    [{ tags: ['后'] }, 0, []],
  ])('%j: %i', (more, score, reasons) => {
    expect([fit(more).score, kinds(more)]).toEqual([score, reasons]);
  });

  it('another language limits it, whatever else fits', () => {
    const { score, isSameLanguage, reasons } = fit({ tags: ['后端'], language: 'en' });
    expect([score, isSameLanguage, reasons.at(-1)]).toEqual([
      40,
      false,
      { kind: 'language', text: '模板语言是 en，简历语言是 zh-CN：匹配分不超过 40 分。', quote: null },
    ]);
    expect(fit({ tags: ['后端'], language: 'zh-Hant' }).score).toBe(100);
  });

  it('reasons have the words of the resume, in either language', () => {
    const both = { tags: ['后端', 'Java'], experienceLevel: 'mid' };
    expect(fit(both).reasons.map(({ text, quote }) => [text, quote])).toEqual([
      ['模板适合的岗位与简历中的“高级后端工程师”相符。', '“高级后端工程师”'],
      ['模板提到简历中的“Java”。', '“Java”'],
      ['模板面向的经验水平（mid）与简历相近。', '“senior”'],
    ]);
    expect(fitOf(engineer, template(both), 'en').reasons[0]?.text).toBe(
      'The template is made for “高级后端工程师”, a position of the resume.',
    );
  });

  it('says nothing of a rank that the resume does not have', () => {
    expect(fit({ tags: ['后端'], experienceLevel: 'mid' }, { ...engineer, seniority: null })).toMatchObject({ score: 100 });
  });
});
