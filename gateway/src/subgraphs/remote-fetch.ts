import type { Deadlines } from '../deadlines.js';
import { SubgraphUnavailableError } from '../errors.js';
import type { Cancellable, CancelReason } from '../execution/cancellation.js';
import type { Caller } from '../execution/engine.js';
import type { SubgraphAnswer } from '../execution/subgraph-answer.js';
import { cancelledAnswer } from './cancelled-answer.js';
import { Exchange, type ReplicaFault } from './exchange.js';
import type { Replica } from './traffic/replica.js';
import type { SubgraphTarget } from './traffic/subgraph-target.js';
import type { TrafficMetrics } from './traffic/traffic-metrics.js';

/** Longest pause before the second attempt at the same replica; twice as long before each further one. */
const BACK_OFF_MS = 50;
const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;
/** With these an overloaded server, or a proxy in front of one that is away, asks to come back. */
const PASSING: ReadonlySet<number | undefined> = new Set([TOO_MANY_REQUESTS, 502, 503, 504]);

/** What all fetches by one prepared call share. */
export interface RemoteCall {
  readonly target: SubgraphTarget;
  /** What is only read may be tried again, and given up when nobody waits for it. */
  readonly isRead: boolean;
  /** Asks whether the subgraph is there: of every replica if need be, whatever breakers and budget say. */
  readonly isProbe: boolean;
  readonly timeoutMs: number;
  readonly deadlines: Deadlines;
  readonly metrics: TrafficMetrics | undefined;
  /** Nothing is tried again while the process ends. */
  readonly isClosed: () => boolean;
  /** Anew for each attempt: a signed identity is taken once. */
  headersFor(caller: Caller, body: string): string[];
}

export interface SentFetch {
  readonly caller: Caller;
  readonly body: string;
  readonly done: (answer: SubgraphAnswer) => void;
  /** See `SubgraphCall`. */
  readonly known: Buffer | undefined;
}

/** One fetch with all its attempts; calls back once. Costs one attempt and no timer of its own as long as nothing goes wrong. */
export class RemoteFetch implements Cancellable {
  #exchange: Exchange | undefined;
  #replica: Replica | undefined;
  #isTrial = false;
  #attempts = 0;
  #tried: Replica[] | undefined;
  #pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly call: RemoteCall,
    private readonly sent: SentFetch,
  ) {}

  start(): void {
    const { target, isRead, isProbe, metrics } = this.call;
    const { caller, done } = this.sent;
    const { subgraph, settings } = target;
    const reason = isRead ? caller.cancellation?.reason : undefined;
    if (reason !== undefined) {
      done(cancelledAnswer(reason));
      return;
    }
    if (target.inFlight >= settings.maxInFlight && !isProbe) {
      metrics?.unsent(subgraph, 'limit');
      done(unsent(subgraph, `${target.inFlight} fetches are under way already`, 1));
      return;
    }
    const now = performance.now();
    const replica = target.choose(now, undefined) ?? (isProbe ? target.replicas[0] : undefined);
    if (replica === undefined) {
      metrics?.unsent(subgraph, 'breaker');
      done(unsent(subgraph, 'not tried, as its last answers were failures', Math.max(1, Math.ceil(target.waitMs(now) / 1_000))));
      return;
    }
    target.usedAt = now;
    target.inFlight += 1;
    target.budget.payIn();
    if (isRead) caller.cancellation?.add(this);
    this.#attempt(replica);
  }

  cancel(reason: CancelReason): void {
    clearTimeout(this.#pause);
    this.#exchange?.drop();
    if (this.#exchange !== undefined) this.#release();
    this.#finish(cancelledAnswer(reason));
  }

  #attempt(replica: Replica): void {
    const { call, sent } = this;
    const { caller, body, known } = sent;
    const { subgraph } = call.target;
    const headers = call.headersFor(caller, body);
    this.#attempts += 1;
    this.#replica = replica;
    replica.inFlight += 1;
    this.#isTrial = replica.breaker.begin();
    const { timeoutMs, deadlines } = call;
    const exchange = new Exchange({ subgraph, timeoutMs, deadlines, known, ended: (answer, fault) => this.#ended(answer, fault) });
    this.#exchange = exchange;
    replica.pool.dispatch({ path: replica.path, method: 'POST', headers, body }, exchange);
  }

  /** The attempt no longer takes place, and says nothing of the replica. */
  #release(): void {
    const replica = this.#replica!; // one is set with each exchange
    replica.inFlight -= 1;
    replica.breaker.ended(this.#isTrial);
    this.#exchange = undefined;
  }

  #ended(answer: SubgraphAnswer, fault: ReplicaFault | undefined): void {
    const { target } = this.call;
    const replica = this.#replica!; // set with each exchange
    const { startedAt } = this.#exchange!; // it is the one that ended
    this.#exchange = undefined;
    replica.inFlight -= 1;
    if (fault === undefined) {
      // Reading a whole schema, over a connection that is opened for it, says nothing of how long a fetch takes.
      if (target.replicas.length > 1 && !this.call.isProbe) {
        const now = performance.now();
        replica.measured(now - startedAt, now);
      }
      if (this.call.isProbe) replica.breaker.close();
      else replica.breaker.succeeded(startedAt, this.#isTrial);
      this.#finish(answer);
      return;
    }
    const now = performance.now();
    if (!isReplicasFault(fault) || this.call.isProbe) replica.breaker.ended(this.#isTrial);
    else {
      replica.breaker.failed(now, this.#isTrial);
      replica.measured(now - startedAt, now);
    }
    if (!this.#triesAgain(replica, fault, now)) this.#finish(answer);
  }

  /** Whether another attempt is under way, or will be. */
  #triesAgain(failed: Replica, fault: ReplicaFault, now: number): boolean {
    const { target, isRead, isProbe, metrics, isClosed } = this.call;
    const { retries } = target.settings;
    const tried = (this.#tried ??= []);
    tried.push(failed);
    if (!isRead || isClosed() || fault.kind === 'size') return false;
    if (this.#attempts >= (isProbe ? target.replicas.length : retries.maxAttempts)) return false;
    const next = isProbe ? target.replicas.find((replica) => !tried.includes(replica)) : target.choose(now, tried);
    if (next === undefined) return false;
    const isOther = !tried.includes(next);
    const mayPass = fault.kind === 'connection' || (fault.kind === 'status' && PASSING.has(fault.status));
    // The same one would most likely fail the same way, at the price of as much time.
    if (!mayPass && !(isOther && isReplicasFault(fault))) return false;
    const pauseMs = isOther ? 0 : (fault.retryAfterMs ?? Math.random() * BACK_OFF_MS * 2 ** (this.#attempts - 1));
    if (pauseMs >= Math.min(this.call.timeoutMs, this.sent.caller.cancellation?.remainingMs ?? Infinity)) return false;
    if (!isProbe && !target.budget.take()) {
      metrics?.budgetSpent(target.subgraph);
      return false;
    }
    metrics?.retried(target.subgraph);
    if (pauseMs === 0) this.#attempt(next);
    else this.#pause = setTimeout(() => this.#attempt(next), pauseMs);
    return true;
  }

  #finish(answer: SubgraphAnswer): void {
    this.call.target.inFlight -= 1;
    if (this.call.isRead) this.sent.caller.cancellation?.remove(this);
    this.sent.done(answer);
  }
}

/** What a request that was asked wrongly is answered is no fault of who answers. */
function isReplicasFault({ kind, status = 0 }: ReplicaFault): boolean {
  return kind === 'status' ? status >= SERVER_ERROR : kind !== 'size';
}

function unsent(subgraph: string, reason: string, retryAfterSeconds: number): SubgraphAnswer {
  return { kind: 'failed', error: new SubgraphUnavailableError(subgraph, reason, { details: { retryAfterSeconds } }) };
}
