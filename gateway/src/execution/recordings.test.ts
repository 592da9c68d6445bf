import { createRecordings } from './recordings.js';

describe('what is kept to be replayed', () => {
  it('is asked for a second time, and is not kept by a key that would take much memory', () => {
    const recordings = createRecordings();
    expect([recordings.find('short'), recordings.find('short')]).toEqual([undefined, 'record']);
    const long = 'x'.repeat(5_000);
    expect([recordings.find(long), recordings.find(long)]).toEqual([undefined, undefined]);
  });
});
