import { cutWords } from '../../adapters/word-cutter.js';
import { readJob } from './read-job.js';
import type { Requirement } from './requirement.js';
import { CHINESE_JOB, ENGLISH_JOB, jobOf } from '../../../test/support/suggestion-texts.js';

const read = (text: string) => readJob(jobOf(text), cutWords);
const short = ({ asked, importance }: Requirement): string => {
  const what = asked.kind === 'skill' ? asked.anyOf.map(({ name }) => name).join('|') : Object.values(asked).slice(1).join(' ').trim();
  return `${importance === 'required' ? '!' : '?'}${what}`;
};
const asked = (text: string): string[] => read(text).map(short);

describe('R2 what a job asks for', () => {
  it('in English: under its headings, by the words beside it, and nothing of benefits or the company', () => {
    expect(asked(ENGLISH_JOB).toSorted()).toEqual(
      [
        '!Java',
        '!senior',
        '!5',
        '!Go|Rust',
        '!Kafka',
        '!PostgreSQL',
        '!Docker',
        '!bachelor',
        '!en Fluent',
        '?AWS',
        '?Kubernetes',
        '?master',
        '?de fluent',
        '?Terraform',
      ].toSorted(),
    );
  });

  it('in Chinese: clauses end at commas, too', () => {
    expect(asked(CHINESE_JOB).toSorted()).toEqual(
      [
        '!senior',
        '!bachelor',
        '?master',
        '!5',
        '!后端开发',
        '!Java',
        '!MySQL',
        '!Redis',
        '!Kafka|RocketMQ',
        '!en 六级',
        '!zh 流利',
        '?Kubernetes',
        '?微服务',
      ].toSorted(),
    );
  });

  it('each where it stands, required things first', () => {
    for (const text of [ENGLISH_JOB, CHINESE_JOB]) {
      const job = jobOf(text);
      const requirements = readJob(job, cutWords);
      for (const { evidence } of requirements)
        for (const { start, end, quote, source } of evidence) expect([source, quote]).toEqual(['job', job.text.slice(start, end)]);
      const order = requirements.map(({ importance }) => importance);
      expect(order).toEqual(order.toSorted((a, b) => (a === b ? 0 : a === 'required' ? -1 : 1)));
    }
  });

  it.each([
    ['Developer\nIdeally you know Kafka; you must know Redis', ['!Redis', '?Kafka']],
    ['Developer\nKafka required, Redis is a big plus', ['!Kafka', '?Redis']],
    ['Developer\nMaster of Science or equivalent experience. Scrum Master, MS Office', ['!Scrum', '!Microsoft Office', '?master']],
    ['Developer\nAt least three years of professional work, seven years preferred', ['!3', '?7']],
    ['Developer\nThe company was founded 12 years ago by people with experience', []],
    ['Developer\nGo the extra mile, rest well, express yourself in a word', []],
    ['Developer\nOne of: Java, Go, Python', ['!Java|Go|Python']],
    ['Developer\nJava, Kotlin or Scala. Java', ['!Java']],
    ['Developer\nDuties\nJava, Redis\nRequirements\nJava or Kotlin', ['!Java|Kotlin', '?Java', '?Redis']],
    ['Engineer (Go)\nR is a plus\nCompensation & benefits:\nTraining in Excel', ['!Go', '?R']],
    ['工程师\n要求3-5年Java工作经验', ['!3', '!Java']],
    ['工程师\n十五年以上开发经验', ['!15']],
    ['工程师\n十年工作经验', ['!10']],
    ['', []],
  ])('%j', (text, wanted) => {
    expect(asked(text)).toEqual(wanted);
  });

  it('a text of 100 kB that repeats itself is read at once, and asks for a hundred things at most', () => {
    for (const part of ['Go, ', '熟悉Java优先', 'must ', '5 years experience, ', 'English, ', 'Requirements\n', 'Java or ', 'Bachelor '])
      expect(read(`Developer\n${part.repeat(Math.ceil(100_000 / part.length))}`).length).toBeLessThanOrEqual(100);
  }, 60_000);
});
