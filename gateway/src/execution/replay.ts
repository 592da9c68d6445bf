import type { FetchNode } from '../planning/plan.js';
import type { Caller } from './engine.js';
import type { SubgraphAnswer, SubgraphCall } from './subgraph-answer.js';

/** A fetch as it was sent, and the body it was answered with. */
export interface SentFetch {
  readonly call: SubgraphCall;
  readonly variables: string;
  readonly body: Buffer;
}

/** What an execution fetched: what would come of the same answers again is what came of it. */
export type SentFetches = ReadonlyMap<FetchNode, SentFetch>;

/** Of an execution, while it runs; undefined once something of it cannot be told to be the same again. */
export class Recorder {
  #fetches: Map<FetchNode, SentFetch> | undefined = new Map();

  answered(node: FetchNode, sent: Pick<SentFetch, 'call' | 'variables'>, answer: SubgraphAnswer): void {
    if (answer.kind !== 'answered' || answer.body === undefined || answer.errors !== undefined || answer.sync !== undefined) {
      this.#fetches = undefined;
    } else this.#fetches?.set(node, { ...sent, body: answer.body });
  }

  /** Undefined where nothing was fetched over HTTP, or something cannot be told to be the same again. */
  get fetches(): SentFetches | undefined {
    return this.#fetches?.size === 0 ? undefined : this.#fetches;
  }
}

/**
 * Sends the fetches of an earlier execution of the same operation with the same variables, and compares what is answered, byte by byte. What is the
 * same throughout has the same answer: nothing is parsed, merged or written. Nothing is told from memory: every fetch is sent.
 *
 * From the first answer that differs, another run takes over, which finds here what was sent already.
 */
export class Replay {
  readonly #fetches: SentFetches;
  readonly #sent = new Map<FetchNode, Sent>();
  readonly #differs: () => void;
  #isOver = false;

  constructor(fetches: SentFetches, differs: () => void) {
    this.#fetches = fetches;
    this.#differs = differs;
  }

  /** In place of the fetch's own step. */
  fetch(node: FetchNode, run: Replaying, done: () => void): void {
    const known = this.#fetches.get(node);
    // Whether a fetch is needed is told by the answers before it.
    if (known === undefined) {
      done();
      return;
    }
    const sent: Sent = { variables: known.variables, answer: undefined, waiting: undefined };
    this.#sent.set(node, sent);
    const answered = (answer: SubgraphAnswer): void => {
      sent.answer = answer;
      if (this.#isOver) sent.waiting?.(answer);
      else if (isSame(answer, known.body)) {
        if (answer.isShared === undefined) run.fetches += 1;
        done();
      } else {
        this.#isOver = true;
        this.#differs();
      }
    };
    try {
      known.call.send(known.variables, run.caller, answered, known.body);
    } catch (error) {
      this.#sent.delete(node);
      throw error;
    }
  }

  /** Hands over the answer to a fetch that was sent with these variables; false where there was none. */
  take(node: FetchNode, variables: string, answered: (answer: SubgraphAnswer) => void): boolean {
    const sent = this.#sent.get(node);
    if (sent?.variables !== variables) return false;
    if (sent.answer === undefined) sent.waiting = answered;
    else answered(sent.answer);
    return true;
  }
}

/** Without comparing them again where that was done when it was read. */
function isSame(answer: SubgraphAnswer, body: Buffer): boolean {
  return answer.kind === 'answered' && answer.body !== undefined && (answer.body === body || answer.body.equals(body));
}

interface Sent {
  readonly variables: string;
  answer: SubgraphAnswer | undefined;
  waiting: ((answer: SubgraphAnswer) => void) | undefined;
}

/** The run whose fetches are sent again. */
interface Replaying {
  readonly caller: Caller;
  fetches: number;
}
