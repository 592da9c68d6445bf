import { LoomError } from '@loomgraph/core';
import type { Metrics } from '@loomgraph/telemetry';
import type { Cancellation } from '../execution/cancellation.js';
import { callerKey } from '../execution/coalescing.js';
import type { SubgraphAnswer, SubgraphCall } from '../execution/subgraph-answer.js';

type Done = (answer: SubgraphAnswer) => void;

interface UnderWay {
  readonly joining: Done[];
  /** Of who sent it: it goes on while one of those who joined waits. */
  readonly cancellation: Cancellation | undefined;
}

/**
 * Lets fetches that are sent while an identical one is under way take its answer, whichever operations they belong to.
 *
 * 1. Identical: the same text to the same URL with the same variables, identity and forwarded headers.
 * 2. A fetch can be joined until it is answered: an answer that is there is never given again.
 * 3. Not across a mutation: one that ended in this process keeps later fetches from joining those that were sent before it.
 * 4. Everyone gets data of their own, as answers are merged where they stand. Parsing them once and copying the objects, not their texts,
 *    costs a fraction of parsing them for everyone.
 */
export interface FetchSharing {
  /** @param target tells the fetches apart that may never share: URL and text */
  share(call: SubgraphCall, target: string): SubgraphCall;
  mutationEnded(): void;
}

export function createFetchSharing(metrics: Metrics): FetchSharing {
  const joined = metrics.counter('gateway_shared_fetches_total', 'Fetches answered by an identical one under way.');
  joined.inc({}, 0);
  /** By target, so that its text is not part of every key. One for each distinct fetch of the operations in the cache. */
  const underWay = new Map<string, Map<string, UnderWay>>();

  return {
    share(call, target) {
      return {
        send(variables, caller, done, known) {
          const key = `${callerKey(caller)}\n${variables}`;
          const opened = underWay.get(target) ?? new Map<string, UnderWay>();
          const others = opened.get(key);
          if (others !== undefined) {
            joined.inc({});
            others.cancellation?.join(caller.cancellation);
            others.joining.push(done);
            return;
          }
          const joining: Done[] = [];
          const fetch: UnderWay = { joining, cancellation: caller.cancellation };
          opened.set(key, fetch);
          underWay.set(target, opened);
          const close = (): void => {
            if (opened.get(key) === fetch) opened.delete(key);
            if (opened.size === 0 && underWay.get(target) === opened) underWay.delete(target);
          };
          try {
            const answered = (answer: SubgraphAnswer): void => {
              close();
              for (const other of joining) other(copyOf(answer));
              // Last: its data are changed where they stand.
              done(answer);
            };
            call.send(variables, caller, answered, known);
          } catch (error) {
            close();
            throw error;
          }
        },
      };
    },
    mutationEnded: () => underWay.clear(),
  };
}

function copyOf(answer: SubgraphAnswer): SubgraphAnswer {
  if (answer.kind === 'failed') return { ...answer, isShared: true };
  try {
    return { ...answer, data: copyTree(answer.data), isShared: true };
  } catch (error) {
    // Nested deeper than the stack goes; the others must get theirs all the same.
    const failure = new LoomError('INTERNAL_SERVER_ERROR', 'The answer of a subgraph could not be copied.', { cause: error });
    return { kind: 'failed', error: failure, isShared: true };
  }
}

/** A copy of what `JSON.parse` made. Spreading copies an object of known shape as one, which for each key apart takes three times as long. */
function copyTree<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyTree) as T; // of the same items
  const copy = { ...value };
  for (const key in copy) {
    const member = copy[key];
    if (typeof member === 'object' && member !== null) copy[key] = copyTree(member);
  }
  return copy;
}
