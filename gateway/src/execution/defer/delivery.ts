import type { GraphQLFormattedError } from 'graphql';
import type { RaisedError } from '../../request/mask-errors.js';
import type { CompletedPart, DeferredFragment, LaterFields } from './complete-fields.js';
import type { DeferUsage } from './defer-usages.js';
import { isWithin, type PartErrors } from './part-errors.js';

/** One payload after the first, see https://github.com/graphql/graphql-spec/pull/1110. */
export interface LaterPayload {
  readonly pending?: readonly PendingEntry[];
  readonly incremental?: readonly IncrementalEntry[];
  readonly completed?: readonly CompletedEntry[];
  readonly hasNext: boolean;
}

export interface PendingEntry {
  readonly id: string;
  readonly path: readonly (string | number)[];
  readonly label?: string;
}

export interface IncrementalEntry {
  readonly id: string;
  readonly subPath?: readonly (string | number)[];
  readonly data: unknown;
  errors?: readonly GraphQLFormattedError[];
}

export interface CompletedEntry {
  readonly id: string;
  errors?: readonly GraphQLFormattedError[];
}

export interface DeliveryDeps {
  readonly complete: (fields: LaterFields) => CompletedPart;
  readonly errors: PartErrors;
  readonly show: (error: RaisedError) => GraphQLFormattedError;
}

/** Fields that wait for a fragment. */
interface Group {
  readonly fields: LaterFields;
  /** What they came to, and what that leaves for later; undefined until a fragment they belong to is ready. */
  outcome: { readonly part: CompletedPart; readonly inner: readonly Group[] } | undefined;
  isSent: boolean;
}

interface Pending {
  readonly id: string;
  readonly fragment: DeferredFragment;
}

/**
 * What of a deferred answer has been announced and sent.
 *
 * 1. A fragment is announced when the part that holds its object has been sent, and those around it that bring something are complete.
 * 2. It is sent when all that is planned for it has been fetched; fields that several fragments bring go with the first.
 * 3. It fails as a whole when a null that may not be comes up to it; fragments inside of it are never announced then.
 */
export class Delivery {
  readonly #deps: DeliveryDeps;
  readonly #groups = new Map<DeferredFragment, Set<Group>>();
  readonly #hidden = new Set<DeferredFragment>();
  readonly #pending = new Map<DeferredFragment, Pending>();
  readonly #ended = new Map<DeferredFragment, 'sent' | 'failed'>();
  readonly #ready = new Set<DeferUsage>();
  #ids = 0;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  get isOver(): boolean {
    return this.#pending.size === 0;
  }

  /** Takes note of what a part that is sent leaves for later. */
  expect(later: readonly LaterFields[]): void {
    this.#register(later.map(toGroup));
  }

  /** Announces the fragments whose turn it is. */
  announce(): readonly PendingEntry[] {
    const entries: PendingEntry[] = [];
    for (const fragment of this.#hidden) {
      const turn = this.#turnOf(fragment);
      if (turn === 'later') continue;
      this.#hidden.delete(fragment);
      if (turn === 'never') continue;
      const id = String(this.#ids++);
      this.#pending.set(fragment, { id, fragment });
      const { label } = fragment.usage;
      entries.push({ id, path: fragment.path, ...(label === undefined ? {} : { label }) });
    }
    return entries;
  }

  /** All that is planned for a `@defer` has been fetched. */
  setReady(usage: DeferUsage): void {
    this.#ready.add(usage);
  }

  /** What can be sent now; undefined when there is nothing. */
  next(): LaterPayload | undefined {
    const pending: PendingEntry[] = [];
    const incremental: IncrementalEntry[] = [];
    const completed: CompletedEntry[] = [];
    // What is announced along the way may be there already.
    for (;;) {
      const ready = [...this.#pending.values()].filter(({ fragment }) => this.#ready.has(fragment.usage));
      if (ready.length === 0) break;
      for (const one of ready) completed.push(this.#send(one, incremental));
      const left = this.#leftErrors(new Set(ready.map(({ fragment }) => fragment.usage)));
      const first = incremental[0] ?? completed[0];
      if (left.length > 0 && first !== undefined) first.errors = [...(first.errors ?? []), ...left];
      pending.push(...this.announce());
    }
    if (completed.length === 0) return undefined;
    return {
      ...(pending.length > 0 ? { pending } : {}),
      ...(incremental.length > 0 ? { incremental } : {}),
      completed,
      hasNext: !this.isOver,
    };
  }

  #turnOf(fragment: DeferredFragment): 'now' | 'later' | 'never' {
    for (let outer = fragment.parent; outer !== undefined; outer = outer.parent) {
      if (!this.#groups.has(outer)) continue; // it brings nothing itself
      const end = this.#ended.get(outer);
      if (end === undefined) return 'later';
      if (end === 'failed') return 'never';
    }
    return 'now';
  }

  /** Ends a fragment; what it brings is added to `incremental`. */
  #send({ id, fragment }: Pending, incremental: IncrementalEntry[]): CompletedEntry {
    const groups = [...(this.#groups.get(fragment) ?? [])].filter(({ isSent }) => !isSent);
    // Grows while it is gone through: fields inside of shared ones can belong to this fragment alone.
    for (const group of groups) {
      const { part, inner } = (group.outcome ??= this.#complete(group));
      if (part.data === undefined) {
        this.#pending.delete(fragment);
        this.#ended.set(fragment, 'failed');
        return { id, errors: this.#whyFailed(group.fields, part) };
      }
      groups.push(...inner.filter(({ fields }) => fields.fragments.includes(fragment)));
    }
    for (const group of groups) {
      incremental.push(this.#entryOf(fragment, group.fields, group.outcome!.part)); // completed above
      group.isSent = true;
    }
    this.#pending.delete(fragment);
    this.#ended.set(fragment, 'sent');
    for (const { outcome } of groups) this.#register(outcome!.inner);
    return { id };
  }

  #complete({ fields }: Group): NonNullable<Group['outcome']> {
    const part = this.#deps.complete(fields);
    return { part, inner: part.later.map(toGroup) };
  }

  #register(groups: readonly Group[]): void {
    for (const group of groups) {
      for (const fragment of group.fields.fragments) {
        const known = this.#groups.get(fragment);
        if (known !== undefined) known.add(group);
        else {
          this.#groups.set(fragment, new Set([group]));
          this.#hidden.add(fragment);
        }
      }
    }
  }

  /** Data go with the announced fragment nearest to them; of several, with the one that is ready. */
  #entryOf(ready: DeferredFragment, fields: LaterFields, { data, violations }: CompletedPart): IncrementalEntry {
    const announced = [ready, ...fields.fragments].flatMap((fragment) => this.#pending.get(fragment) ?? []);
    const nearest = announced.reduce((best, one) => (one.fragment.path.length > best.fragment.path.length ? one : best));
    const subPath = fields.place.path.slice(nearest.fragment.path.length);
    const errors = [...this.#deps.errors.takeAbout(fields), ...this.#unexplained(violations)].map(this.#deps.show);
    return { id: nearest.id, ...(subPath.length > 0 ? { subPath } : {}), data, ...(errors.length > 0 ? { errors } : {}) };
  }

  /** A fragment never fails without an error, even if what explains it was sent with another one. */
  #whyFailed(fields: LaterFields, { violations }: CompletedPart): readonly GraphQLFormattedError[] {
    const errors = [...this.#deps.errors.takeAbout(fields), ...this.#unexplained(violations)];
    return (errors.length > 0 ? errors : violations).map(this.#deps.show);
  }

  #unexplained(violations: readonly RaisedError[]): readonly RaisedError[] {
    return violations.filter(({ path }) => !this.#deps.errors.explains(path ?? []));
  }

  /** Errors of the fetches for these fragments that are about nothing they bring, nor about anything that is still to come. */
  #leftErrors(usages: ReadonlySet<DeferUsage>): readonly GraphQLFormattedError[] {
    const awaited = [...this.#groups.values()].flatMap((groups) => [...groups].filter(({ isSent }) => !isSent));
    return this.#deps.errors
      .takeIf(({ path = [] }, set) => [...set].some((one) => usages.has(one)) && !awaited.some(({ fields }) => isWithin(path, fields)))
      .map(this.#deps.show);
  }
}

function toGroup(fields: LaterFields): Group {
  return { fields, outcome: undefined, isSent: false };
}
