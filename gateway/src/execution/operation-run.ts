import type { RaisedError } from '../request/mask-errors.js';
import type { Caller } from './engine.js';
import type { JsonObject } from './json-object.js';
import type { RequestWatch } from './request-watch.js';

/** One execution of an operation: the answer so far and what is known of it. */
export class OperationRun {
  data: JsonObject = {};
  readonly errors: RaisedError[] = [];
  /** Places whose data a subgraph left out because of an error in it, which is in `errors`: what lacks below them is no new error. */
  readonly explained: (readonly (string | number)[])[] = [];
  /** Whether any text of the answer may need escaping in JSON. */
  hasEscapes = false;
  isAscii = true;
  /** Called when a fetch that has an id in the plan has been merged. */
  onFetched: ((id: string) => void) | undefined;
  /** How many fetches were sent. */
  fetches = 0;
  /** The objects at each path of the plan that several fetches start from, by the path's number. */
  readonly collected: (readonly JsonObject[] | undefined)[] = [];

  constructor(
    readonly variables: Readonly<Record<string, unknown>>,
    readonly caller: Caller,
    /** Called when the first subgraph has answered. */
    public onFirstAnswer: (() => void) | undefined,
    readonly watch: RequestWatch | undefined,
  ) {}
}
