import { checkedJob, type JobFields } from './checked-job.js';

const fields: JobFields = {
  companyName: 'Acme  GmbH',
  title: ' Java 工程师 ',
  description: 'Java\r\n\r\n<b>required</b>',
  country: 'DE',
  city: 'Berlin',
  workMode: 'hybrid',
  salary: { min: 50_000, max: 60_000, currency: 'EUR', period: 'year' },
  expiresAt: null,
};
const refusal = (change: Partial<Record<keyof JobFields, unknown>>) => {
  try {
    checkedJob({ ...fields, ...change } as JobFields);
    return undefined;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message };
  }
};

describe('R5 a job as it is kept', () => {
  it('has its texts in one form; a description is text, whatever it looks like', () => {
    const { title, text } = checkedJob(fields);
    expect([title, text]).toEqual(['Java 工程师', 'Java 工程师\nJava\n<b>required</b>']);
  });

  it.each([
    [{ title: '<script>alert(1)</script>' }, 'BAD_USER_INPUT', 'title holds <'],
    [{ title: '＜b＞Engineer' }, 'BAD_USER_INPUT', 'title holds <'],
    [{ companyName: '<img src=x>' }, 'BAD_USER_INPUT', 'companyName holds <'],
    [{ city: 'Ber\u202Elin' }, 'BAD_USER_INPUT', 'city holds characters that cannot be seen'],
    [{ companyName: 'a\ud83d' }, 'BAD_USER_INPUT', 'companyName holds half of a surrogate pair'],
    [{ companyName: ' ' }, 'BAD_USER_INPUT', 'companyName has no text'],
    [{ companyName: 'x'.repeat(201) }, 'BAD_USER_INPUT', 'companyName has 201 characters, 200 are the most'],
    [{ title: ' ' }, 'BAD_USER_INPUT', 'title has no text'],
    [{ description: '\n \n' }, 'BAD_USER_INPUT', 'description has no text'],
    [{ description: 'x'.repeat(10_000_000) }, 'JOB_TOO_LONG', '100000'],
    [{ country: 'Germany' }, 'BAD_USER_INPUT', 'country is an ISO 3166 code'],
    [{ salary: { ...fields.salary, min: 70_000 } }, 'BAD_USER_INPUT', 'salary goes from min to a max'],
    [{ salary: { ...fields.salary, min: -1 } }, 'BAD_USER_INPUT', 'salary goes from min to a max'],
    [{ salary: { ...fields.salary, currency: 'euro' } }, 'BAD_USER_INPUT', 'salary.currency is an ISO 4217 code'],
  ])('%j is refused with %s', (change, code, message) => {
    expect(refusal(change)).toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
