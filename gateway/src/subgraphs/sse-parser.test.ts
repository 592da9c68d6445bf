import { createSseParser, type ServerSentEvent } from './sse-parser.js';

const STREAM = ':\n\nevent: next\nid: 7\ndata: {"a":1}\n\ndata: one\r\ndata:two\r\n\r\nevent: complete\ndata:\n\nretry: 5\n\n';

describe('createSseParser', () => {
  it.each([1, 2, 3, 7, STREAM.length])('reads events that come %i characters at a time', (size) => {
    const events: ServerSentEvent[] = [];
    const parse = createSseParser((event) => events.push(event));
    for (let at = 0; at < STREAM.length; at += size) parse(STREAM.slice(at, at + size));
    expect(events).toEqual([
      { event: 'next', data: '{"a":1}' },
      { event: 'message', data: 'one\ntwo' },
      { event: 'complete', data: '' },
    ]);
  });

  it('says how much waits for its end', () => {
    const parse = createSseParser(() => undefined);
    expect(parse('data: 12345\ndata: 12')).toBe(5 + 'data: 12'.length);
    expect(parse('\n\n')).toBe(0);
  });
});
