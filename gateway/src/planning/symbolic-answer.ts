import type { SupergraphFacts } from './supergraph-facts.js';
import { EVERY_ITEM, type PlanPath } from './plan.js';

/** What a plan brings under one key of objects of one type. */
export interface Brought {
  /** The field and its arguments, as the last fetch of them asked. */
  meaning: string;
  /** Another fetch asked something else under this key. */
  isMixed: boolean;
  /** The operation selects it, or a representation holds it. */
  isUsed: boolean;
  /** A subgraph that fails to resolve it answers null for the object it is of. */
  isCostly: boolean;
  place: Place | undefined;
}

const NO_FIELDS: ReadonlyMap<string, Brought> = new Map();

/** All objects at one response path, as one: what each type of them is brought. Lists on the way are left out. */
export class Place {
  readonly #fields = new Map<string, Map<string, Brought>>();

  constructor(
    /** Concrete types objects here can have: those that all who answered them can answer. */
    public types: readonly string[],
  ) {}

  find(type: string, key: string): Brought | undefined {
    return this.#fields.get(type)?.get(key);
  }

  /** All that is brought of objects of one type, by key. */
  fieldsOf(type: string): ReadonlyMap<string, Brought> {
    return this.#fields.get(type) ?? NO_FIELDS;
  }

  bring(type: string, key: string, meaning: string): Brought {
    let fields = this.#fields.get(type);
    if (fields === undefined) this.#fields.set(type, (fields = new Map()));
    let brought = fields.get(key);
    if (brought === undefined) fields.set(key, (brought = { meaning, isMixed: false, isUsed: false, isCostly: false, place: undefined }));
    else if (brought.meaning !== meaning) {
      brought.meaning = meaning;
      brought.isMixed = true;
    }
    return brought;
  }

  rename(type: string, from: string, to: string): void {
    const fields = this.#fields.get(type);
    const brought = fields?.get(from);
    if (fields === undefined || brought === undefined) return;
    const earlier = fields.get(to);
    fields.delete(from);
    if (earlier && earlier.meaning !== brought.meaning) brought.isMixed = true;
    if (earlier?.place && !brought.place) brought.place = earlier.place;
    fields.set(to, brought);
  }
}

/** Objects of some of the types of a place. */
export interface PlacedTypes {
  readonly place: Place;
  readonly types: readonly string[];
}

/** Where a path of the plan leads: one place for each type on the way that has one. */
export function locatePlaces(facts: SupergraphFacts, from: PlacedTypes, path: PlanPath): readonly PlacedTypes[] {
  let reached: readonly PlacedTypes[] = [from];
  for (const segment of path) {
    if (segment === EVERY_ITEM) continue;
    reached = reached.flatMap(({ place, types }): readonly PlacedTypes[] => {
      if (typeof segment !== 'string') {
        const fitting = types.filter((type) => segment.types.some((condition) => facts.fits(type, condition)));
        return fitting.length === 0 ? [] : [{ place, types: fitting }];
      }
      return types.flatMap((type) => {
        const next = place.find(type, segment)?.place;
        return next === undefined ? [] : [{ place: next, types: next.types }];
      });
    });
  }
  return reached;
}
