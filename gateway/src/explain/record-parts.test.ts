import { recordParts } from './record-parts.js';

describe('recordParts', () => {
  it('says when each part was there, and which fragments it completes', () => {
    let now = 0;
    const record = recordParts(() => ++now);
    record.sent({ pending: [{ id: '0', path: ['a'], label: 'x' }] });
    record.sent({ completed: [{ id: '0' }], pending: [{ id: '1', path: ['a', 0] }] });
    record.sent({ completed: [{ id: '1' }] });
    expect(record.parts).toEqual([
      { atMs: 1, fragments: [] },
      { atMs: 2, fragments: [{ path: ['a'], label: 'x' }] },
      { atMs: 3, fragments: [{ path: ['a', 0] }] },
    ]);
  });
});
