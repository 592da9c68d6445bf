import { analyse } from './analyse.js';
import { toText } from './text.js';

const now = new Date('2026-01-15T00:00:00Z');
/** Words as a dictionary would cut them, as far as these texts need it. */
const TERMS = /大模型|微服务|推荐系统|后端开发|工程师|全栈|全栈工程师/g;
const cut = (text: string): string[] => {
  const words: string[] = [];
  let from = 0;
  for (const { 0: term, index } of text.matchAll(TERMS)) {
    words.push(...text.slice(from, index), term);
    from = index + term.length;
  }
  return [...words, ...text.slice(from)];
};
const look = (text: string) => analyse(toText(text.split('\n')), { cut, now });

describe('R4 analyse', () => {
  it('an English resume', () => {
    const { contact, work, education, skills, languages, years, seniority, textLanguage } = look(`John A. Smith
Senior Backend Engineer
San Francisco, CA | john.smith@example.com | (415) 555-2671 | github.com/jsmith
SUMMARY
Backend engineer with 9+ years of experience. I like to go places, express ideas and rest.
WORK EXPERIENCE
Acme Technologies Inc.    Mar 2019 – Present
Senior Software Engineer
- Built microservices with Kafka and Java 8
Junior Developer, Globex Corporation    06/2014 - 02/2019
* Wrote services in Python/Django
EDUCATION
University of California, Berkeley
B.S. in Computer Science    2010 - 2014
SKILLS
Languages: Go, C++, R
Tools: Docker, k8s, CI/CD, Node.js, Python3.11
LANGUAGES
English (Native), Spanish (Conversational)`);
    expect(contact).toMatchObject({
      name: { value: 'John A. Smith' },
      label: { value: 'Senior Backend Engineer' },
      email: { value: 'john.smith@example.com' },
      phone: { value: '(415) 555-2671' },
      location: { value: 'San Francisco, CA' },
      urls: [{ value: 'github.com/jsmith' }],
    });
    expect(work).toMatchObject([
      {
        company: { value: 'Acme Technologies Inc.' },
        position: { value: 'Senior Software Engineer' },
        period: { from: { year: 2019, month: 3 }, to: null },
      },
      { company: { value: 'Globex Corporation' }, position: { value: 'Junior Developer' }, period: { to: { year: 2019, month: 2 } } },
    ]);
    expect(work[0]?.highlights.map(({ text }) => text)).toEqual(['Built microservices with Kafka and Java 8']);
    expect(education).toMatchObject([
      {
        institution: { value: 'University of California, Berkeley' },
        degree: { value: 'bachelor' },
        area: { value: 'Computer Science' },
        endDate: '2014',
      },
    ]);
    // "go", "express" and "rest" of the summary are no skills.
    expect(skills.map(({ value }) => value.name).toSorted()).toEqual(
      ['C++', 'CI/CD', 'Django', 'Docker', 'Go', 'Java', 'Kafka', 'Kubernetes', 'Node.js', 'Python', 'R', '后端开发', '微服务'].toSorted(),
    );
    expect(languages.map(({ value }) => value)).toEqual([
      { language: 'en', fluency: 'Native' },
      { language: 'es', fluency: 'Conversational' },
    ]);
    expect([years?.value, seniority?.value, textLanguage]).toEqual([11.7, 'senior', 'en']);
  });

  it('a Chinese resume, with full-width signs and a name set wide', () => {
    const { contact, work, education, skills, languages, seniority, sections, textLanguage } = look(`张 三
求职意向：全栈工程师    手机：138 0013 8000    邮箱：zhangsan@example.com    现居：上海
专业技能
熟悉微服务架构，Spring Boot、MySQL、Redis，了解大模型与RAG；英语CET-6
工作经历
２０１９.０３-至今  字节跳动科技有限公司  高级后端工程师
• 负责推荐系统后端开发，使用Java和Kafka，QPS提升3倍
2015年7月—2019年2月    美团    Java开发工程师
教育背景
2011.09 - 2015.06    浙江大学    计算机科学与技术    本科
自我评价
热爱编程`);
    expect(contact).toMatchObject({
      name: { value: '张三' },
      label: { value: '全栈工程师' },
      phone: { value: '138 0013 8000' },
      email: { value: 'zhangsan@example.com' },
      location: { value: '上海' },
    });
    expect(work).toMatchObject([
      {
        company: { value: '字节跳动科技有限公司' },
        position: { value: '高级后端工程师' },
        period: { from: { year: 2019, month: 3 }, to: null },
      },
      { company: { value: '美团' }, position: { value: 'Java开发工程师' } },
    ]);
    expect(education).toMatchObject([
      {
        institution: { value: '浙江大学' },
        degree: { value: 'bachelor' },
        area: { value: '计算机科学与技术' },
        startDate: '2011-09',
        endDate: '2015-06',
      },
    ]);
    expect(skills.map(({ value }) => value.name)).toEqual(
      expect.arrayContaining(['微服务', 'Spring Boot', 'MySQL', 'Redis', '大模型', 'RAG', '推荐系统', 'Java', 'Kafka']),
    );
    expect(languages.map(({ value }) => value)).toEqual([{ language: 'en', fluency: 'CET-6' }]);
    expect(seniority?.value).toBe('senior');
    expect(sections.map(({ kind }) => kind)).toEqual(['header', 'skills', 'work', 'education', 'summary']);
    expect(textLanguage).toBe('zh');
  });

  it('every finding stands where it says', () => {
    const text = toText(['Ann Example', 'Experience', 'Acme Inc. | Engineer  2019 - 2021', 'Skills', 'machine', 'learning, Docker']);
    const { contact, work, skills } = analyse(text, { cut, now });
    const at = (spans: readonly { start: number; end: number }[] = []) => spans.map(({ start, end }) => text.slice(start, end));
    expect(at(contact.name?.spans)).toEqual(['Ann Example']);
    expect([at(work[0]?.company?.spans), at(work[0]?.position?.spans)]).toEqual([['Acme Inc.'], ['Engineer']]);
    // A name that goes on in the next line, as in a narrow column.
    expect(skills.map(({ value, spans }) => [value.name, at(spans)])).toEqual([
      ['机器学习', ['machine\nlearning']],
      ['Docker', ['Docker']],
    ]);
  });

  it('years: months that two positions share count once, internships do not', () => {
    const years = (lines: string): number | undefined => look(`Ann Example\nExperience\n${lines}`).years?.value;
    expect(years('Acme Inc. | Engineer  2019-01 - 2020-12\nGlobex Inc. | Engineer  2020-01 - 2021-12')).toBe(3);
    expect(years('Acme Inc. | Intern  2018-01 - 2018-12\nGlobex Inc. | Engineer  2019-01 - 2019-06')).toBe(0.5);
    expect(years('Acme Inc. | Engineer  2019 - 2021')).toBe(2);
    expect(look('Ann Example\nSummary\n8 years of experience in sales').years?.value).toBe(8);
    expect(look('张三\n自我评价\n拥有10年以上工作经验').years?.value).toBe(10);
    expect(look('Ann Example').years).toBeNull();
  });

  it('text of no resume has nothing found in it', () => {
    const { contact, work, education, skills, languages } = look('The quick brown fox jumps over the lazy dog.\n'.repeat(20));
    expect([contact.name, contact.email, contact.phone, work, education, skills, languages]).toEqual([null, null, null, [], [], [], []]);
  });
});
