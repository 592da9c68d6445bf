import type { Identity } from '@loomgraph/auth';
import type { Condition } from '../execution/answer/selected-fields.js';
import type { RaisedError } from '../request/mask-errors.js';
import type { CutPlace } from './cut-operation.js';
import type { Demand, Demands } from './demand.js';
import type { PolicyDecider } from './policy-decider.js';

/** Forms of one operation are few: a caller has one for each set of demands it meets. More than these are made anew. */
const MAX_KEPT = 64;
const NO_POLICIES: ReadonlySet<string> = new Set();

export interface OperationAccessOptions<Operation> {
  /** What the operation asks for anywhere. */
  readonly demands: Demands;
  /** For callers who meet them all. */
  readonly whole: Operation;
  /** For callers who meet some. @param signature the same for the same demands */
  readonly cut: (isMet: (demand: Demand) => boolean, signature: string) => Operation;
  readonly policies: PolicyDecider | undefined;
}

/** Which form of an operation a caller is answered: kept for the demands it meets, not for the caller. */
export class OperationAccess<Operation> {
  readonly #demands: readonly Demand[];
  readonly #policyNames: readonly string[];
  readonly #options: OperationAccessOptions<Operation>;
  readonly #forms = new Map<string, Operation>();

  constructor(options: OperationAccessOptions<Operation>) {
    this.#options = options;
    this.#demands = [...options.demands];
    this.#policyNames = [...new Set(this.#demands.flatMap((demand) => (demand.kind === 'policies' ? demand.anyOf.flat() : [])))];
  }

  /** A promise where policies must be decided; rejects as the decider does. */
  formFor(identity: Identity | null): Operation | Promise<Operation> {
    const { policies } = this.#options;
    if (this.#policyNames.length === 0 || policies === undefined) return this.#form(identity, NO_POLICIES);
    return policies.decide(identity, this.#policyNames).then((met) => this.#form(identity, met));
  }

  #form(identity: Identity | null, policies: ReadonlySet<string>): Operation {
    // Most callers may have all of it: for them nothing is made.
    if (this.#demands.every((demand) => isMet(demand, identity, policies))) return this.#options.whole;
    const met = new Set(this.#demands.filter((demand) => isMet(demand, identity, policies)));
    const signature = this.#demands.map((demand) => (met.has(demand) ? '1' : '0')).join('');
    let form = this.#forms.get(signature);
    if (form === undefined) {
      form = this.#options.cut((demand) => met.has(demand), signature);
      if (this.#forms.size >= MAX_KEPT) this.#forms.clear();
      this.#forms.set(signature, form);
    }
    return form;
  }
}

function isMet(demand: Demand, identity: Identity | null, policies: ReadonlySet<string>): boolean {
  if (demand.kind === 'authenticated') return identity !== null;
  const { kind, anyOf } = demand;
  if (kind === 'policies') return anyOf.some((set) => set.every((name) => policies.has(name)));
  return identity !== null && anyOf.some((set) => set.every((name) => identity.scopes.includes(name)));
}

/** The errors of an answer, one for each place that was asked for and is not answered. Code and message are Apollo's. */
export function unauthorizedErrors(places: readonly CutPlace[], variables: Readonly<Record<string, unknown>>): RaisedError[] {
  return places
    .filter(({ condition }) => holds(condition, variables))
    .map(({ path }) => ({ message: 'Unauthorized field or type', path, extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }));
}

function holds(condition: Condition, variables: Readonly<Record<string, unknown>>): boolean {
  return condition.every(({ variable, equals }) => (variables[variable] === true) === equals);
}
