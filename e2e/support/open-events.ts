/** Server-sent events as a client reads them; `any` is what a scenario asked for. */
export interface Events {
  readonly status: number;
  /** Of the last event that came with one. */
  readonly lastEventId: string | undefined;
  /** What events so far held under a field. */
  seen(field: string): any[]; // eslint-disable-line
  /** Reads until an event holds what is waited for. @throws where the stream ends, or an event has errors */
  until(isIt: (value: any) => boolean, field: string): Promise<void>; // eslint-disable-line
  close(): void;
}

/** Subscribes at the gateway by graphql-sse, without any of its code. */
export async function openEvents(
  url: string,
  query: string,
  { variables, headers }: { readonly variables?: object; readonly headers?: Record<string, string> } = {},
): Promise<Events> {
  const abort = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify({ query, variables }),
    signal: abort.signal,
  });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  const answers: { data?: Record<string, unknown>; errors?: unknown }[] = [];
  let rest = '';
  let lastEventId: string | undefined;

  const read = async (): Promise<void> => {
    const { done, value } = await reader.read();
    if (done) throw new Error(`The stream ended after ${JSON.stringify(answers)} ${rest}`);
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      lastEventId = /^id: (.*)$/m.exec(block)?.[1] ?? lastEventId;
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) answers.push(JSON.parse(data));
    }
  };
  return {
    status: response.status,
    get lastEventId() {
      return lastEventId;
    },
    seen: (field) => answers.map(({ data }) => data?.[field]),
    async until(isIt, field) {
      for (let looked = 0; ; looked += 1) {
        while (looked >= answers.length) await read();
        const { data, errors } = answers[looked]!;
        if (errors !== undefined) throw new Error(JSON.stringify(errors));
        if (isIt(data?.[field])) return;
      }
    },
    close: () => abort.abort(),
  };
}
