/** One thing a caller must have. `anyOf` names sets: each name of one of them. */
export type Demand =
  | { readonly kind: 'authenticated'; readonly key: string }
  | { readonly kind: 'scopes' | 'policies'; readonly key: string; readonly anyOf: readonly (readonly string[])[] };

/** All of them must be met; none at all is what anybody may have. */
export type Demands = ReadonlySet<Demand>;

export const NO_DEMANDS: Demands = new Set();

/** Larger products of alternatives are not multiplied out. */
const MAX_PRODUCT = 1_024;

/** Makes demands of one supergraph; equal ones are the same object. */
export class DemandPool {
  readonly #known = new Map<string, Demand>();

  authenticated(): Demand {
    return this.#intern({ kind: 'authenticated', key: 'authenticated' });
  }

  /** Undefined where nothing is asked for: no set at all, or one without names. */
  names(kind: 'scopes' | 'policies', sets: readonly (readonly string[])[]): Demand | undefined {
    if (sets.length === 0 || sets.some((set) => set.length === 0)) return undefined;
    const anyOf = sets.map((set) => [...new Set(set)].toSorted());
    const key = `${kind} ${JSON.stringify(anyOf.map((set) => JSON.stringify(set)).toSorted())}`;
    return this.#intern({ kind, key, anyOf });
  }

  #intern(demand: Demand): Demand {
    const known = this.#known.get(demand.key);
    if (known === undefined) this.#known.set(demand.key, demand);
    return known ?? demand;
  }
}

export function union(all: Iterable<Iterable<Demand>>): Demands {
  const demands = new Set<Demand>();
  for (const some of all) for (const demand of some) demands.add(demand);
  return demands.size === 0 ? NO_DEMANDS : demands;
}

/** Whether everybody who meets `given` meets `demand`. False where that takes too long to tell. */
export function implies(given: Demands, demand: Demand): boolean {
  if (given.has(demand)) return true;
  if (demand.kind === 'authenticated') return false;
  let alternatives: ReadonlySet<string>[] = [new Set()];
  for (const one of given) {
    if (one.kind !== demand.kind) continue;
    if (alternatives.length * one.anyOf.length > MAX_PRODUCT) return false;
    alternatives = alternatives.flatMap((names) => one.anyOf.map((set) => new Set([...names, ...set])));
  }
  return alternatives.every((names) => demand.anyOf.some((set) => set.every((name) => names.has(name))));
}
