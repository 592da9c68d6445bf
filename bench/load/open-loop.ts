import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { post } from '../../tools/harness/graphql.ts';
import { headersOf, isGoodAnswer, requestAt, type LoadResult, type OpenLoop } from './load.ts';

const TIMEOUT_MS = 30_000;

/**
 * Sends at a fixed rate, evenly: autocannon sends each second's share at once, which is another load. Times count from when a request was due, so
 * a server that falls behind cannot hide it by being asked less.
 */
export async function runOpenLoop({ url, requests, seconds, perSecond, maxInFlight }: OpenLoop): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: maxInFlight });
  const total = Math.round(seconds * perSecond);
  const latenciesMs: number[] = [];
  const inFlight = new Set<Promise<void>>();
  let wrong = 0;
  let failed = 0;
  let example: string | undefined;
  const startedAt = performance.now();
  const send = async (index: number): Promise<void> => {
    const dueAt = startedAt + (index * 1_000) / perSecond;
    const request = requestAt(requests, index);
    try {
      const { status, text } = await post(url, { agent, headers: headersOf(request), body: request.body, timeoutMs: TIMEOUT_MS });
      latenciesMs.push(performance.now() - dueAt);
      if (isGoodAnswer(status, text)) return;
      wrong++;
      example ??= `${status} ${text.slice(0, 500)}`;
    } catch (error) {
      failed++;
      example ??= String(error);
    }
  };
  for (let index = 0; index < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - startedAt) / 1_000) * perSecond) + 1);
    for (; index < due; index++) {
      while (inFlight.size >= maxInFlight) await Promise.race(inFlight);
      const request = send(index);
      inFlight.add(request);
      void request.then(() => inFlight.delete(request));
    }
    await sleep(1);
  }
  await Promise.all(inFlight);
  const elapsed = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  return { latenciesMs, perSecond: latenciesMs.length / elapsed, wrong, failed, ...(example === undefined ? {} : { example }) };
}
