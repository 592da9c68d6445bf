import { missingFacts, missingPages } from './check-texts.ts';

const facts = {
  name: '王小明',
  email: 'wang@example.com',
  phone: '138 0013 8000',
  location: '北京',
  work: [{ company: 'Acme Inc.', position: 'Engineer', startDate: '2020-01', endDate: null }],
  institution: '浙江大学',
  degree: 'master',
  area: '软件工程',
  skills: [],
  languages: [],
} as const;
const TEXT = '王小明\nwang@example.com 13800138000\nAcme  Inc.\n浙江大学';

describe('what the resumes bench checks before it measures', () => {
  it('takes a text that has all facts, whatever its blanks', () => {
    expect(missingFacts(TEXT, { facts })).toEqual([]);
  });

  it.each(['王小明', 'wang@example.com', 'Acme  Inc.', '浙江大学'])('names what is missing: %s', (fact) => {
    expect(missingFacts(TEXT.replace(fact, ''), { facts })).toHaveLength(1);
  });

  it('names pages that are missing or out of order', () => {
    const words = ['marker0001', 'marker0002', 'marker0003'];
    expect(missingPages(words.join(' text '), { words })).toEqual([]);
    expect(missingPages('marker0001 marker0003', { words })).toEqual(['marker0002']);
    expect(missingPages('marker0002 marker0001 marker0003', { words })).toEqual(['marker0002']);
  });
});
