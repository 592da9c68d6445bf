import { createSseParser } from '../../src/subgraphs/sse-parser.js';

export interface ReadEvent {
  readonly event: string;
  readonly id: string | undefined;
  // What a test asked for, it reads.
  readonly data: any; // eslint-disable-line
}

export interface EventReader {
  readonly response: Response;
  /** The next event; undefined at the end of the stream. */
  next(): Promise<ReadEvent | undefined>;
  /** The text so far. */
  text(): string;
  close(): void;
}

/** Sends an operation and reads its answer as server-sent events. */
export async function openEvents(
  url: string,
  query: string,
  { variables, headers }: { readonly variables?: object; readonly headers?: Record<string, string> } = {},
): Promise<EventReader> {
  const abort = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: abort.signal,
  });
  const events: ReadEvent[] = [];
  let text = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const ids: string[] = [];
  const parse = createSseParser(({ event, data }) =>
    events.push({ event, id: event === 'next' ? ids.shift() : undefined, data: data === '' ? undefined : JSON.parse(data) }),
  );
  return {
    response,
    text: () => text,
    close: () => abort.abort(),
    async next() {
      while (events.length === 0) {
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += value;
        for (const [, id] of value.matchAll(/^id: (.*)$/gm)) ids.push(id!);
        parse(value);
      }
      return events.shift();
    },
  };
}
