import { postingOf } from '../../../test/support/postings.js';
import { copiesAmong } from './copies.js';

const posting = (id: string, text: string, companyId: string, postedBy: string, day: number) =>
  postingOf(text, { id, companyId, postedBy, createdAt: new Date(Date.UTC(2026, 0, day)) });

describe('R5 copies of a posting', () => {
  it('are what the same company or person posts again, whatever case and signs; the earliest stands', () => {
    const postings = [
      posting('late', 'Engineer\nJava, required!', 'acme', 'rita', 3),
      posting('first', 'Engineer\nJava required', 'acme', 'sam', 1),
      posting('agency', 'ENGINEER\nJava  required.', 'other', 'rita', 5),
      posting('stranger', 'Engineer\nJava required', 'strangers', 'tom', 4),
      posting('another', 'Engineer\nJava and Go required', 'acme', 'rita', 6),
    ];
    expect([...copiesAmong(postings)].toSorted()).toEqual(['agency', 'late']);
    expect(copiesAmong(postings.toReversed())).toEqual(copiesAmong(postings));
  });
});
