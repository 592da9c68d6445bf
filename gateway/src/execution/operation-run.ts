import type { RaisedError } from '../request/mask-errors.js';
import type { Caller } from './engine.js';
import type { JsonObject } from './json-object.js';
import type { Recorder, Replay } from './replay.js';
import type { RequestWatch } from './request-watch.js';
import type { SubgraphAnswer } from './subgraph-answer.js';

/** One execution of an operation: the answer so far and what is known of it. */
export class OperationRun {
  data: JsonObject = {};
  readonly errors: RaisedError[] = [];
  /** Errors in what no client asked for and that cost nothing: nobody is shown them. */
  readonly dropped: RaisedError[] = [];
  /** Places whose data a subgraph left out because of an error in it, which is in `errors`: what lacks below them is no new error. */
  readonly explained: (readonly (string | number)[])[] = [];
  /** Whether any text of the answer may need escaping in JSON. */
  hasEscapes = false;
  isAscii = true;
  /** Called when a fetch that has an id in the plan has been merged. */
  onFetched: ((id: string) => void) | undefined;
  /** Whether a fetch may take the answer of an identical one that is under way. */
  sharesFetches = false;
  /** Takes note of what is fetched. */
  recorder: Recorder | undefined;
  /** What of this operation was fetched already, while it was tried whether everything is as it was. */
  replayed: Replay | undefined;
  /** Fetches in place of the plan's steps. */
  replay: Replay | undefined;
  /** Of a subscription: what its subgraph answered for one event, in place of its first fetch. */
  event: SubgraphAnswer | undefined;
  /** How many fetches were sent, and answered. */
  fetches = 0;
  /** The objects at each path of the plan that several fetches start from, by the path's number. */
  readonly collected: (readonly JsonObject[] | undefined)[] = [];

  constructor(
    readonly variables: Readonly<Record<string, unknown>>,
    readonly caller: Caller,
    readonly watch: RequestWatch | undefined,
  ) {}
}
