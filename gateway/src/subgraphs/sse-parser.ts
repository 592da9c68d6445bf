/** One event of a stream of server-sent events. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/**
 * Reads server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream) from text as it comes;
 * `onEvent` is called for each whole one. Answers how much waits for its end. Comments, ids and `retry` are left out.
 *
 * Not eventsource-parser: by the letter an event without data is none, and graphql-sse says "complete" with one.
 */
export function createSseParser(onEvent: (event: ServerSentEvent) => void): (text: string) => number {
  let rest = '';
  let event = '';
  let data: string[] = [];
  let size = 0;
  const line = (text: string): void => {
    if (text === '') {
      if (event !== '' || data.length > 0) onEvent({ event: event || 'message', data: data.join('\n') });
      event = '';
      data = [];
      size = 0;
      return;
    }
    const colon = text.indexOf(':');
    const name = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(text[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (name === 'event') event = value;
    else if (name === 'data') {
      data.push(value);
      size += value.length;
    }
  };
  return (text) => {
    rest += text;
    // A carriage return at the end may be half of a line's end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const one of lines) line(one);
    return size + rest.length;
  };
}
