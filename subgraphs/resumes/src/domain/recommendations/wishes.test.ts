import { postingOf } from '../../../test/support/postings.js';
import { ENGLISH_RESUME, resumeOf } from '../../../test/support/suggestion-texts.js';
import type { Job } from '../jobs/job.js';
import { jobMeets, resumeMeets, type JobWishes, type ResumeWishes } from './wishes.js';

const now = new Date('2026-02-01T00:00:00Z');
const TEXT = 'Java Engineer\nRequirements\nJava, Kafka, Redis\nFluent English required, German (fluent) is a plus';
const salary = { min: 20_000, max: 30_000, currency: 'CNY', period: 'month' } as const;

describe('R5 what was wished for decides', () => {
  it.each<[JobWishes, Partial<Job>, boolean]>([
    [{}, {}, true],
    [{}, { status: 'draft' }, false],
    [{}, { status: 'closed' }, false],
    [{}, { expiresAt: now }, false],
    [{}, { expiresAt: new Date(now.getTime() + 1) }, true],
    [{ companyId: 'other' }, {}, false],
    [{ workModes: ['remote'] }, { workMode: 'hybrid' }, false],
    [{ workModes: ['remote'] }, { workMode: 'remote' }, true],
    [{ workModes: [] }, { workMode: 'remote' }, false],
    [{ location: { country: null, city: '杭州' } }, { city: 'Hangzhou' }, true],
    [{ location: { country: 'CN', city: null } }, { city: 'Hangzhou' }, true],
    [{ location: { country: null, city: '杭州' } }, { city: '上海' }, false],
    [{ location: { country: null, city: '杭州' } }, {}, false],
    [{ location: { country: null, city: '杭州' } }, { city: '上海', workMode: 'remote' }, true],
    [{ minSalary: { amount: 30_000, currency: 'CNY', period: 'month' } }, { salary }, true],
    [{ minSalary: { amount: 360_001, currency: 'CNY', period: 'year' } }, { salary }, false],
    [{ minSalary: { amount: 173, currency: 'CNY', period: 'hour' } }, { salary }, true],
    [{ minSalary: { amount: 1, currency: 'EUR', period: 'hour' } }, { salary }, false],
    [{ minSalary: { amount: 1, currency: 'CNY', period: 'hour' } }, {}, false],
    [{ languages: ['en'] }, {}, true],
    [{ languages: ['zh'] }, {}, false],
  ])('%j of a job with %j: %j', (wishes, more, meets) => {
    expect(jobMeets(wishes, { ...postingOf(TEXT, more), now })).toBe(meets);
  });

  it.each<[ResumeWishes, boolean]>([
    [{}, true],
    [{ skills: ['java', 'Kafka'] }, true],
    [{ skills: ['java', 'k8s'] }, false],
    [{ minYears: 7 }, true],
    [{ minYears: 20 }, false],
    [{ languages: ['en', 'de'] }, true],
    [{ languages: ['fr'] }, false],
    [{ location: { country: 'DE', city: null } }, true],
    [{ location: { country: null, city: '柏林' } }, true],
    [{ location: { country: null, city: 'Munich' } }, false],
  ])('%j of a resume: %j', (wishes, meets) => {
    expect(resumeMeets(wishes, resumeOf(ENGLISH_RESUME).analysis)).toBe(meets);
  });

  it('who does not say where they are is in no place that was asked for', () => {
    const { analysis } = resumeOf(ENGLISH_RESUME.replace(' | Berlin, DE', ''));
    expect(resumeMeets({ location: { country: 'DE', city: null } }, analysis)).toBe(false);
  });
});
