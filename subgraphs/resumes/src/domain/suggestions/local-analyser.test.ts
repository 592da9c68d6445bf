import { evidenceIn, NoEvidence, type Quote } from './evidence.js';
import { compared, type Assessment } from './assessment.js';
import { NothingAsked } from './suggestion-analyser.js';
import {
  assess,
  CHINESE_JOB,
  CHINESE_RESUME,
  ENGLISH_JOB,
  ENGLISH_RESUME,
  jobOf,
  resumeOf,
} from '../../../test/support/suggestion-texts.js';

const labels = (all: readonly { readonly label: string }[]): string[] => all.map(({ label }) => label);

describe('R2 the local analyser', () => {
  it('scores what fits by parts that say how they came about', async () => {
    const found = await assess(ENGLISH_RESUME, ENGLISH_JOB);
    expect(labels(found.matched)).toEqual([
      'the rank senior',
      'Java',
      '5 years of work',
      'Go, Rust (one of them)',
      'Kafka',
      'PostgreSQL',
      'Docker',
      "a bachelor's degree or higher",
      'English (Fluent)',
      "a master's degree or higher",
      'German (fluent)',
    ]);
    expect(labels(found.missing)).toEqual(['AWS', 'Kubernetes', 'Terraform']);
    expect(found.subScores.map(({ dimension, weight }) => [dimension, weight])).toEqual([
      ['skills', 50],
      ['experience', 20],
      ['education', 12],
      ['seniority', 10],
      ['languages', 8],
    ]);
    const total = found.subScores.reduce((sum, { score, weight }) => sum + (score * weight) / 100, 0);
    expect(Math.abs(total - found.score)).toBeLessThan(2);
    expect(found.score).toBeGreaterThan(80);
    expect(found.subScores[0]?.explanation).toBe('Skills: 3 of 5 required and 0 of 3 preferred.');
    expect(found.explanation).toContain('Skills 86 (weight 50%)');
  });

  it('in Chinese, with advice that says what to do about which words', async () => {
    const found = await assess(CHINESE_RESUME, CHINESE_JOB, 'zh-CN');
    expect(found.matched.find(({ asked }) => asked.kind === 'years')).toMatchObject({ label: '5 年工作经验', share: 0.6 });
    expect(labels(found.missing)).toEqual(['Kubernetes']);
    const said = found.advice.map(({ kind, text, evidence }) => [kind, text, evidence.map(({ source, quote }) => `${source}:${quote}`)]);
    expect(said).toContainEqual(['show', expect.stringContaining('MySQL只在技能列表中出现'), ['resume:MySQL']]);
    expect(said).toContainEqual([
      'add',
      '职位优先考虑Kubernetes，简历中没有提到。如果您用过，请写明在哪段经历里用它做了什么。',
      ['job:Kubernetes'],
    ]);
    expect(said).toContainEqual(['raise', expect.stringContaining('中文（流利）'), ['job:普通话']]);
    expect(said).toContainEqual(['raise', expect.stringContaining('英语（六级）'), ['job:英语', 'resume:英语']]);
    expect(found.advice[0]?.text).toContain('5 年工作经验');
  });

  it('counts what a list names that no gazetteer has, and what goes with a thing as a part of it', async () => {
    const resume = ENGLISH_RESUME.replace('Java, Go, Docker, Redis', 'PyTorch, Ray Tune');
    const found = await assess(resume, 'Researcher\nSkills: Machine Learning, Ray Tune, Causal Forests, Optuna');
    expect(found.matched.map(({ label, share, foundIn }) => [label, share, foundIn[0].quote])).toEqual([
      ['机器学习', 0.6, 'PyTorch'],
      ['Ray Tune', 0.8, 'Ray Tune'],
    ]);
    expect(labels(found.missing)).toEqual(['Causal Forests', 'Optuna']);
    expect(found.advice.find(({ text }) => text.includes('机器学习'))).toMatchObject({
      kind: 'add',
      text: 'The job asks for 机器学习; the resume has PyTorch, which goes with it, but not the thing itself. If you have it, name it.',
    });
  });

  it('what the title names weighs more, and so does what is named again', async () => {
    const both = ENGLISH_RESUME.replace('Java, Go, Docker, Redis', 'Java');
    const score = async (job: string) => (await assess(both.replace('in Java ', ''), job)).score;
    const named = await score('Engineer\nSkills: Java, Terraform, Ansible');
    expect(await score('Java Engineer\nSkills: Java, Terraform, Ansible')).toBeGreaterThan(named);
    expect(await score('Engineer\nSkills: Java, Terraform, Ansible\nWe run Java.')).toBeGreaterThan(named);
  });

  it('nobody gets more than the required skills come to, whatever else fits', async () => {
    const { score, subScores } = await assess(
      ENGLISH_RESUME,
      "Developer\nBachelor's degree required\nSkills: Java, Ansible, Terraform, Perl",
    );
    expect(subScores.map(({ dimension, score: own }) => [dimension, own])).toEqual([
      ['skills', 25],
      ['education', 100],
    ]);
    expect(score).toBe(25);
  });

  it('the wrong profession stays low, whatever else fits', async () => {
    const nurse = ENGLISH_RESUME.replace(/SKILLS\n.*/, 'SKILLS\nExcel').replaceAll(/- .*/g, '- Cared for patients');
    const { score, explanation, missing } = await assess(nurse, ENGLISH_JOB);
    expect(missing.length).toBeGreaterThan(6);
    expect(score).toBe(20);
    expect(explanation).toContain('the score is at most 20');
  });

  it('is the same every time, and falls with each thing that is taken out of the resume', async () => {
    const first = await assess(ENGLISH_RESUME, ENGLISH_JOB);
    expect(await assess(ENGLISH_RESUME, ENGLISH_JOB)).toEqual(first);
    for (const line of [
      '- Built microservices in Java with Kafka and PostgreSQL',
      'Java, Go, Docker, Redis',
      'B.S. in Computer Science    2012 - 2016',
    ])
      expect((await assess(ENGLISH_RESUME.replace(line, ''), ENGLISH_JOB)).score).toBeLessThan(first.score);
  });

  it('every claim is a quote of the text it is about', async () => {
    for (const [resume, job] of [
      [ENGLISH_RESUME, ENGLISH_JOB],
      [CHINESE_RESUME, CHINESE_JOB],
      [ENGLISH_RESUME, CHINESE_JOB],
      [CHINESE_RESUME, ENGLISH_JOB],
    ] as const) {
      const { matched, missing, advice } = await assess(resume, job);
      const texts = { resume: resumeOf(resume).text, job: jobOf(job).text };
      const quotes: readonly Quote[] = [
        ...matched.flatMap(({ evidence, foundIn }) => [...evidence, ...foundIn]),
        ...[...missing, ...advice].flatMap(({ evidence }) => evidence),
      ];
      expect(quotes.length).toBeGreaterThan(10);
      for (const { source, start, end, quote } of quotes) expect(texts[source].slice(start, end)).toBe(quote);
    }
  });

  it('a claim without a place is refused', () => {
    const job = jobOf('Developer\nJava');
    for (const [start, end] of [
      [0, 0],
      [-1, 4],
      [0, 99],
      [9, 10],
      [0.5, 4],
    ] as const)
      expect(() => evidenceIn(job, [{ start, end }])).toThrow(NoEvidence);
    expect(() => evidenceIn(job, [])).toThrow(NoEvidence);
    const requirement = {
      asked: { kind: 'years', years: 3 },
      inTitle: false,
      importance: 'required',
      evidence: evidenceIn(job, [{ start: 0, end: 9 }]),
    } as const;
    expect(() => compared(requirement, 1, { resume: resumeOf('Ann'), spans: [] })).toThrow(NoEvidence);
    // @ts-expect-error -- a quote that is written by hand is none
    const forged: Assessment['advice'][number]['evidence'] = [{ source: 'job', start: 0, end: 1, quote: 'D' }];
    expect(forged).toHaveLength(1);
  });

  it('a job that asks for nothing has no score', async () => {
    await expect(assess(ENGLISH_RESUME, 'Somebody nice\nWe look for a good person.')).rejects.toThrow(NothingAsked);
    // Nor has one that has a title alone: it would fit by one word.
    await expect(assess(ENGLISH_RESUME, 'Senior Java Engineer\nWe look for a good person.')).rejects.toThrow(NothingAsked);
    await expect(assess(ENGLISH_RESUME, 'Senior Java Engineer')).rejects.toThrow(NothingAsked);
  });
});
