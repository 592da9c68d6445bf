import { injections, placed } from '../../../test/support/injections.js';
import { postingOf } from '../../../test/support/postings.js';
import { CHINESE_JOB, CHINESE_RESUME, ENGLISH_JOB, ENGLISH_RESUME, resumeOf } from '../../../test/support/suggestion-texts.js';
import type { Job } from '../jobs/job.js';
import { weigh } from './match.js';
import { ELSEWHERE_CAP, JUNK_CAP, LANGUAGE_CAP } from './note.js';

// ENGLISH_RESUME is of somebody in Berlin; of CHINESE_RESUME it is not said.
const compare = (resume: string, job: string, more: Partial<Job> = {}, { isCopy = false, locale = 'en' } = {}) =>
  weigh({ resume: resumeOf(resume), ...postingOf(job, more), isCopy, locale }).explain();
const kinds = ({ notes }: ReturnType<typeof compare>) => notes.map(({ kind }) => kind);
const JAVA = 'Java Engineer\nRequirements\nJava, Kafka, PostgreSQL';

describe('R5 how a resume and a job fit', () => {
  it('is what a suggestion says, with the words of both', () => {
    const { score, assessment, notes } = compare(ENGLISH_RESUME, ENGLISH_JOB);
    expect([score, notes]).toEqual([assessment.score, []]);
    expect(score).toBeGreaterThan(50);
    const { text } = resumeOf(ENGLISH_RESUME);
    for (const { foundIn } of assessment.matched) for (const { start, end, quote } of foundIn) expect(text.slice(start, end)).toBe(quote);
  });

  it.each([
    [{ city: 'Berlin' }, ['same-place'], false],
    [{ city: '柏林', country: 'DE' }, ['same-place'], false],
    [{ city: 'Munich' }, ['elsewhere'], true],
    [{ city: 'Munich', workMode: 'hybrid' }, ['elsewhere'], true],
    [{ country: 'FR' }, ['elsewhere'], true],
    // Where the work is done anywhere, or nobody knows, no place limits anything.
    [{ city: 'Munich', workMode: 'remote' }, [], false],
    [{ country: 'DE' }, [], false],
    [{}, [], false],
  ] as const)('a job of %j: %j', (place, expected, isCapped) => {
    const { score, ...others } = compare(ENGLISH_RESUME, JAVA, place);
    expect(kinds({ score, ...others })).toEqual(expected);
    expect(score).toBe(isCapped ? ELSEWHERE_CAP : others.assessment.score);
    expect(others.assessment.score).toBeGreaterThan(ELSEWHERE_CAP);
    if (isCapped) expect(others.notes[0]).toMatchObject({ cap: ELSEWHERE_CAP, evidence: [{ source: 'resume', quote: 'Berlin, DE' }] });
  });

  it('says nothing of places where the resume does not', () => {
    expect(kinds(compare(CHINESE_RESUME, CHINESE_JOB, { city: '上海' }))).toEqual([]);
  });

  it('a language that is required and not shown limits the score, whatever else fits', () => {
    const french = compare(ENGLISH_RESUME, `${JAVA}\nFluent French required`);
    expect([french.score, kinds(french)]).toEqual([LANGUAGE_CAP, ['language']]);
    expect(french.notes[0]).toMatchObject({ evidence: [{ source: 'job', quote: 'French' }], text: expect.stringContaining('French') });
    expect(kinds(compare(ENGLISH_RESUME, `${JAVA}\nFluent English required`))).toEqual([]);
    expect(kinds(compare(ENGLISH_RESUME, `${JAVA}\nFrench (fluent) is a plus`))).toEqual([]);
  });

  it('junk and copies sink below what fits at all, and say why in both languages', () => {
    const chat = compare(ENGLISH_RESUME, `${JAVA}\nMessage me on WhatsApp`, { city: 'Berlin' }, { locale: 'zh' });
    expect([chat.score, kinds(chat)]).toEqual([JUNK_CAP, ['chat-contact', 'same-place']]);
    expect(chat.notes[0]?.text).toBe('要求通过聊天软件私下联系：匹配分不超过 5 分。');
    const copy = compare(ENGLISH_RESUME, JAVA, {}, { isCopy: true });
    expect(copy).toMatchObject({ score: JUNK_CAP, notes: [{ kind: 'duplicate', evidence: [{ quote: 'Java Engineer' }] }] });
    const empty = compare(ENGLISH_RESUME, 'Great opportunity\nStart today.');
    expect(empty).toMatchObject({ score: 0, assessment: { explanation: expect.stringContaining('asks for nothing') } });
  });

  it.each(injections)('%j in either text moves nothing', (injection) => {
    const { score, notes } = compare(ENGLISH_RESUME, ENGLISH_JOB);
    for (const changed of [
      ...placed(ENGLISH_RESUME, injection).map((text) => compare(text, ENGLISH_JOB)),
      ...placed(ENGLISH_JOB, injection).map((text) => compare(ENGLISH_RESUME, text)),
    ]) {
      expect(Math.abs(changed.score - score)).toBeLessThan(1);
      expect(kinds(changed)).toEqual(notes.map(({ kind }) => kind));
    }
  });
});
