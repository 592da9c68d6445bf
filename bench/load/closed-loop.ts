import autocannon, { type Options, type Result } from 'autocannon';
import { headersOf, isGoodAnswer, requestAt, type ClosedLoop, type LoadResult } from './load.ts';

/** autocannon, with every latency kept: its own histogram rounds to whole milliseconds and has no p95. */
export async function runClosedLoop({ url, requests, seconds, connections }: ClosedLoop): Promise<LoadResult> {
  const latenciesMs: number[] = [];
  let wrong = 0;
  let example: string | undefined;
  const judge = (status: number, body: string): void => {
    if (isGoodAnswer(status, body)) return;
    wrong++;
    example ??= `${status} ${body.slice(0, 500)}`;
  };
  let sequence = 0;
  const startedAt = performance.now();
  let endedAt = startedAt;
  const { errors, timeouts } = await new Promise<Result>((resolve, reject) => {
    const options: Options = {
      url,
      connections,
      duration: seconds,
      // Slow is a figure, not a failure: its own limit is 10 s.
      timeout: 60,
      method: 'POST',
      requests: [
        {
          // One list for all connections, so that they do not ask for the same at the same time.
          setupRequest(request) {
            const next = requestAt(requests, sequence++);
            return { ...request, body: next.body, headers: headersOf(next) };
          },
          onResponse: judge,
        },
      ],
    };
    const instance = autocannon(options, (error, result) =>
      error ? reject(new Error('autocannon failed.', { cause: error })) : resolve(result),
    );
    instance.on('response', (_client, _status, _bytes, responseMs) => {
      latenciesMs.push(responseMs);
      endedAt = performance.now();
    });
  });
  const elapsed = (endedAt - startedAt) / 1_000;
  return {
    latenciesMs,
    perSecond: latenciesMs.length / elapsed,
    wrong,
    failed: errors + timeouts,
    ...(example === undefined ? {} : { example }),
  };
}
