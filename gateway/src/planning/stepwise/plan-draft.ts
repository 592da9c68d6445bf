import { getNamedType, isLeafType, isListType, isNonNullType, type FieldNode, type GraphQLType } from 'graphql';
import { EVERY_ITEM, type FetchNode, type PlanPath } from '../plan.js';
import type { OverrideChoice } from '../planner.js';
import type { SubgraphFacts } from '../subgraph-facts.js';
import type { SupergraphFacts } from '../supergraph-facts.js';
import { providedWithin } from '../unresolvable-field.js';
import type { Conjunction } from './conditions.js';
import type { FetchDraft, Held, Objects, Place, Source } from './draft-place.js';
import { pathOf } from './draft-place.js';
import type { InternalKeys } from './internal-keys.js';
import { Journal } from './journal.js';
import { SelectionDraft, type Conditions } from './selection-draft.js';
import { subgraphsOf } from './subgraph-fields.js';

/** A field to be brought under a key. */
export interface Need {
  readonly key: string;
  readonly field: FieldNode;
  readonly conditions: Conditions;
}

/** A plan while it is being put together. */
export class PlanDraft {
  readonly journal = new Journal();
  readonly fetches: FetchDraft[] = [];
  readonly subgraphs: readonly SubgraphFacts[];

  constructor(
    readonly facts: SupergraphFacts,
    readonly kind: FetchNode['operationKind'],
    readonly choice: OverrideChoice,
    readonly keys: InternalKeys,
  ) {
    this.subgraphs = subgraphsOf(facts);
  }

  get rootType(): string | undefined {
    return this.facts.rootType(this.kind);
  }

  /** Whether objects of a type stand for a root: any subgraph may be asked for its fields. */
  isRoot({ type, place }: Objects): boolean {
    return place.parent === undefined || type === this.facts.rootType('query');
  }

  openFetch(fetch: Omit<FetchDraft, 'selection' | 'outputRewrites'>): Pick<Source, 'fetch' | 'selection' | 'within'> {
    const selection = new SelectionDraft();
    const draft = { ...fetch, selection, outputRewrites: [] };
    this.journal.push(this.fetches, draft);
    return { fetch: draft, selection, within: [] };
  }

  /** Has a field that is held asked for under more conditions, with all that has to be told for it. */
  widen({ conditions, sources }: Held, by: readonly Conjunction[]): void {
    if (conditions.widen(by, this.journal)) for (const { told } of sources) for (const one of told) this.widen(one, by);
  }

  /** Selects a field at a source; the objects hold it from then on. */
  select(objects: Objects, source: Source, { key, field, conditions }: Need): Held {
    const { journal } = this;
    const name = field.name.value;
    const own = source.subgraph.field(source.type, name);
    const isLeaf = isLeafType(this.facts.schema.getType(own?.type ?? ''));
    const isBesideOthers = source.within.some((segment) => typeof segment !== 'string');
    const asked = isBesideOthers ? this.keys.besideOthers(objects.type, { key, name }) : key;
    const path = [...source.within, key];
    const selection = source.selection.add(asked, { field, conditions, isLeaf }, journal);
    if (asked !== key) journal.push(source.fetch.outputRewrites, { kind: 'rename', path: [...source.within, asked], to: key });
    const known = objects.held.get(key);
    let place = known?.place;
    if (selection && own?.type !== undefined) {
      const { subgraph, stage, type, fetch } = source;
      const within = source.provided.length === 0 ? [] : providedWithin(subgraph, source.provided, type, name);
      const provided = own.provides ? [...within, own.provides] : within;
      place ??= this.#placeOf(objects, own.type, { subgraph, stage, need: { key, field, conditions } });
      selection.addTypename(journal);
      journal.push(place.sources, { subgraph, stage, type: own.type, selection, fetch, within: path, provided, told: [] });
    }
    for (const told of source.told) this.widen(told, conditions.alternatives);
    if (!known) return journal.set(objects.held, key, { stage: source.stage, key, field, conditions, sources: [source], place });
    journal.push(known.sources, source);
    return known;
  }

  #placeOf(objects: Objects, type: string, from: { readonly subgraph: SubgraphFacts; readonly stage: number; readonly need: Need }): Place {
    const { subgraph, stage, need } = from;
    const declared = this.facts.field(objects.type, need.field.name.value)?.type;
    const isInterfaceObject = subgraph.isInterfaceObject(type);
    return {
      path: [...pathOf(objects), need.key, ...itemsOf(declared)],
      declared: declared === undefined || isInterfaceObject ? type : getNamedType(declared).name,
      types: subgraph.possibleTypes(type).filter((each) => !this.facts.isInaccessible(each)),
      stage,
      // Such a subgraph answers the name of the interface.
      typedAt: isInterfaceObject ? undefined : stage,
      sources: [],
      objects: new Map(),
      parent: { objects, ...need },
    };
  }
}

function itemsOf(type: GraphQLType | undefined): PlanPath {
  if (isNonNullType(type)) return itemsOf(type.ofType);
  return isListType(type) ? [EVERY_ITEM, ...itemsOf(type.ofType)] : [];
}
