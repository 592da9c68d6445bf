import type { Requirement } from '../plan.js';
import { PlanningFailedError } from '../planning-failed-error.js';
import { keysOf, type SubgraphFacts } from '../subgraph-facts.js';
import { ALWAYS } from './conditions.js';
import { objectsOf, pathOf, type Held, type Objects, type Place, type Source } from './draft-place.js';
import type { Need, PlanDraft } from './plan-draft.js';
import { isResolved, isResolvedAt, namesIn } from './subgraph-fields.js';
import { RequiredFields, TYPENAME, type Finder, type Search } from './required-fields.js';

/** Fields looked for in one operation: twice as many as an operation may select. Planning them takes less than a second. */
const MAX_TRIES = 20_000;

/**
 * Finds ways to fields: at a source that is there, by a representation sent to a subgraph (whose key, and what the field requires, are
 * found in the same way), or by asking the field above of another subgraph too. The first way that leads there is taken; what a way
 * that leads nowhere had changed is taken back.
 */
export class FieldFinder implements Finder {
  readonly #plan: PlanDraft;
  readonly #required: RequiredFields;
  #tries = 0;

  constructor(plan: PlanDraft) {
    this.#plan = plan;
    this.#required = new RequiredFields(plan, this);
  }

  /** Undefined when no subgraph can be brought to answer the field for these objects. */
  obtain(objects: Objects, need: Need, marks: Search['marks'] = new Set()): Held | undefined {
    if (++this.#tries > MAX_TRIES) throw new PlanningFailedError('The operation has too many ways to be planned.');
    const held = objects.held.get(need.key) ?? this.#heldByAll(objects)?.held.get(need.key);
    if (held) {
      this.#plan.widen(held, need.conditions.alternatives);
      return held;
    }
    const name = need.field.name.value;
    const search = { marks, conditions: need.conditions.alternatives };
    const select = (source: Source | undefined): Held | undefined => {
      return source && isResolvedAt(source, name, this.#plan.choice) ? this.#plan.select(objects, source, need) : undefined;
    };
    for (const source of this.#sourcesOf(objects)) {
      const selected = select(source);
      if (selected) return selected;
    }
    for (const way of [this.#enterFor.bind(this), this.#askAbove.bind(this)]) {
      for (const subgraph of this.#plan.subgraphs) {
        const found = this.#plan.journal.attempt(() => select(way(objects, subgraph, { name, search })));
        if (found) return found;
      }
    }
    return undefined;
  }

  /**
   * Has the concrete types of a place's objects asked for. False when no subgraph tells them. The fetch is for nothing else: a field that
   * fails can cost the whole entity, and then nothing would tell what there should have been.
   */
  tellTypes(place: Place, search: Search = { marks: new Set(), conditions: ALWAYS }): boolean {
    if (place.typedAt !== undefined) return true;
    const all = objectsOf(place, place.declared);
    for (const subgraph of this.#plan.subgraphs) {
      if (!subgraph.knows(place.declared) || subgraph.isInterfaceObject(place.declared)) continue;
      const source = this.#plan.journal.attempt(() => this.#enter(all, subgraph, { type: place.declared, field: '__typename', search }));
      if (!source) continue;
      const { journal } = this.#plan;
      source.selection.addTypename(journal);
      journal.change(
        () => (place.typedAt = source.stage),
        () => (place.typedAt = undefined),
      );
      return true;
    }
    return false;
  }

  /** The sources at which fields of these objects may be selected, the earliest first. */
  #sourcesOf(objects: Objects): readonly Source[] {
    const { place, type, areAll } = objects;
    const { facts, journal } = this.#plan;
    const fromPlace = place.sources.flatMap((source): readonly Source[] => {
      if (source.type === type || areAll) return areAll && !facts.isAbstract(source.type) ? [] : [source];
      if (source.subgraph.isInterfaceObject(source.type) || !source.subgraph.possibleTypes(source.type).includes(type)) return [];
      return [{ ...source, type, selection: source.selection.on(type, journal), within: [...source.within, { types: [type] }] }];
    });
    return [...fromPlace, ...objects.entered.values()].toSorted((one, other) => one.stage - other.stage);
  }

  #heldByAll({ place, areAll }: Objects): Objects | undefined {
    return areAll ? undefined : place.objects.get(place.declared);
  }

  /** A source in a subgraph that resolves the field by representation, or as one of a root. */
  #enterFor(
    objects: Objects,
    subgraph: SubgraphFacts,
    { name, search }: { readonly name: string; readonly search: Search },
  ): Source | undefined {
    const { choice } = this.#plan;
    if (this.#plan.isRoot(objects)) {
      return isResolved(subgraph, { type: objects.type, name }, choice) ? this.#enterRoot(objects, subgraph) : undefined;
    }
    for (const type of namesIn(subgraph, objects.type)) {
      if (!isResolved(subgraph, { type, name }, choice)) continue;
      const field = subgraph.field(type, name)?.requires ? name : undefined;
      const source = this.#enter(objects, subgraph, { type, field, search });
      if (source) return source;
    }
    return undefined;
  }

  #enterRoot(objects: Objects, subgraph: SubgraphFacts): Source {
    const { place, type } = objects;
    const known = objects.entered.get(subgraph.name);
    if (known) return known;
    const stage = place.parent === undefined ? 0 : place.stage + 1;
    const opened = this.#plan.openFetch({ subgraph, stage, path: pathOf(objects), entities: undefined });
    return this.#plan.journal.set(objects.entered, subgraph.name, { subgraph, stage, type, ...opened, provided: [], told: [] });
  }

  /** A source for objects whose representations are sent; `field`: together with what that field requires. */
  #enter(
    objects: Objects,
    subgraph: SubgraphFacts,
    { type, field, search }: { readonly type: string; readonly field: string | undefined; readonly search: Search },
  ): Source | undefined {
    const { place, areAll } = objects;
    const { journal } = this.#plan;
    // Only where an interface stands for its types elsewhere must a subgraph know its objects by the interface.
    if (areAll && !subgraph.isInterfaceObject(type) && place.typedAt !== undefined) return undefined;
    const known = objects.entered.get(`${subgraph.name} ${type} ${field ?? ''}`);
    if (known) return known;
    const mark = `${placeText(place)} ${objects.type} ${subgraph.name} ${type} ${field ?? ''}`;
    if (search.marks.has(mark)) return undefined;
    const within = { ...search, marks: new Set([...search.marks, mark]) };
    const required = field === undefined ? undefined : subgraph.field(type, field)?.requires;
    for (const key of keysOf(subgraph, type)) {
      const source = journal.attempt((): Source | undefined => {
        const told = this.#required.obtainAll(objects, key, within);
        const more = told && required ? this.#required.obtainAll(objects, required, within) : told;
        if (!told || !more) return undefined;
        const there = areAll ? place.stage : (place.typedAt ?? place.stage);
        const stage = 1 + Math.max(there, told.stage, more.stage);
        const requires: Requirement = {
          kind: 'fragment',
          onType: objects.type,
          selections: [TYPENAME, ...told.requires, ...(required ? more.requires : [])],
        };
        const isRenamed = type !== objects.type || areAll;
        const inputRewrites = isRenamed ? [{ kind: 'set', path: [{ types: [objects.type] }, '__typename'], value: type } as const] : [];
        const opened = this.#plan.openFetch({
          subgraph,
          stage,
          path: pathOf(objects),
          entities: { type, requires: [requires], inputRewrites },
        });
        const held = required ? [...told.held, ...more.held] : told.held;
        return { subgraph, stage, type, ...opened, provided: [], told: held, ...(field === undefined ? {} : { only: field }) };
      });
      if (source) return journal.set(objects.entered, `${subgraph.name} ${type} ${field ?? ''}`, source);
    }
    return undefined;
  }

  /** A source in a subgraph that is asked for the field the objects are the value of. */
  #askAbove(
    { place, type }: Objects,
    subgraph: SubgraphFacts,
    { name, search }: { readonly name: string; readonly search: Search },
  ): Source | undefined {
    const { parent } = place;
    if (parent === undefined || !isResolved(subgraph, { type, name }, this.#plan.choice)) return undefined;
    if (place.sources.some((source) => source.subgraph === subgraph)) return undefined;
    const mark = `${placeText(place)} above ${subgraph.name}`;
    if (search.marks.has(mark)) return undefined;
    const within = { ...search, marks: new Set([...search.marks, mark]) };
    const { objects, key, field, conditions } = parent;
    const above = { name: field.name.value, search: within };
    const own = this.#sourcesOf(objects).filter((source) => source.subgraph === subgraph);
    const ways = [
      () => own.find((source) => isResolvedAt(source, above.name, this.#plan.choice)),
      () => this.#enterFor(objects, subgraph, above),
      () => this.#askAbove(objects, subgraph, above),
    ];
    for (const way of ways) {
      const found = this.#plan.journal.attempt(() => {
        const source = way();
        if (!source || !isResolvedAt(source, above.name, this.#plan.choice)) return undefined;
        this.#plan.select(objects, source, { key, field, conditions });
        return this.#sourcesOf(objectsOf(place, type)).find((one) => one.subgraph === subgraph);
      });
      if (found) return found;
    }
    return undefined;
  }
}

function placeText({ path }: Place): string {
  return JSON.stringify(path);
}
