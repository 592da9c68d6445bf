import { Agent } from 'node:http';
import { send } from './send.ts';
import type { ExpectedRequest, RequestMix } from './requests.ts';

/** What came of the requests so far. */
export interface LoadResult {
  readonly requests: number;
  readonly cancelled: number;
  /** Answers that were not what such a request must get, with the first of each kind. */
  readonly unexpected: ReadonlyMap<string, { readonly count: number; readonly example: string }>;
}

export interface Load extends Disposable {
  /** Sends so many requests and waits for every answer. */
  run(count: number): Promise<void>;
  result(): LoadResult;
}

const CONNECTIONS = 12;
const SHOWN_CHARACTERS = 400;

export function createLoad(url: string, mix: RequestMix): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const unexpected = new Map<string, { count: number; example: string }>();
  let requests = 0;
  let cancelled = 0;
  const complain = ({ name, body, path }: ExpectedRequest, what: string): void => {
    const known = unexpected.get(name);
    if (known) known.count++;
    else unexpected.set(name, { count: 1, example: `${(body ?? path).slice(0, SHOWN_CHARACTERS)} → ${what.slice(0, SHOWN_CHARACTERS)}` });
  };
  const sendNext = async (): Promise<void> => {
    const request = mix.next();
    requests++;
    try {
      const answer = await send(url, request, agent);
      if (answer.kind === 'cancelled') cancelled++;
      else if (!request.isExpected(answer)) complain(request, `${answer.status} ${answer.mediaType} ${answer.text}`);
    } catch (error) {
      complain(request, String(error));
    }
  };
  return {
    async run(count) {
      let left = count;
      const work = async (): Promise<void> => {
        while (left-- > 0) await sendNext();
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, work));
    },
    result: () => ({ requests, cancelled, unexpected }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}
