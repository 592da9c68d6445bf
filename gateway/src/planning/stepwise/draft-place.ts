import type { FieldNode, SelectionSetNode } from 'graphql';
import type { EntityBatch, PlanPath, Requirement, Rewrite } from '../plan.js';
import type { SubgraphFacts } from '../subgraph-facts.js';
import type { Conditions, SelectionDraft } from './selection-draft.js';

/** A fetch while it is being put together. All fetches of a stage are sent at once, when those of the stages before are merged. */
export interface FetchDraft {
  readonly subgraph: SubgraphFacts;
  readonly stage: number;
  readonly selection: SelectionDraft;
  /** Where the objects are that it is about: entities, or those that stand for the root type. */
  readonly path: PlanPath;
  /** Of the answer, or of each entity. */
  readonly outputRewrites: Rewrite[];
  /** Undefined for a fetch of root fields. */
  readonly entities:
    | (Pick<EntityBatch, 'inputRewrites'> & { readonly type: string; readonly requires: readonly Requirement[] })
    | undefined;
}

/** Where some fetch selects fields of objects: what else it can resolve there may be added. */
export interface Source {
  readonly subgraph: SubgraphFacts;
  readonly stage: number;
  /** Of the objects, as the subgraph has them: an interface where it may answer any of its types. */
  readonly type: string;
  readonly selection: SelectionDraft;
  readonly fetch: Pick<FetchDraft, 'outputRewrites'>;
  /** Where in the fetch it is, by the keys of the answer. */
  readonly within: PlanPath;
  /** What the fields above provide of the fields here. */
  readonly provided: readonly SelectionSetNode[];
  /** The field a representation was sent for with what it requires; the source is for nothing else. */
  readonly only?: string;
  /** What the representation holds: needed whenever anything is selected here. */
  readonly told: readonly Held[];
}

/** A field of the objects that some fetch brings. */
export interface Held {
  readonly stage: number;
  readonly key: string;
  readonly field: FieldNode;
  readonly conditions: Conditions;
  /** Where it is selected. */
  readonly sources: Source[];
  /** Of its value; undefined for a leaf. */
  readonly place: Place | undefined;
}

/** All objects at one path of the answer. */
export interface Place {
  readonly path: PlanPath;
  /** As the supergraph declares it. */
  readonly declared: string;
  /** The concrete types objects here can have. */
  readonly types: readonly string[];
  /** The objects are there once this stage is merged. */
  readonly stage: number;
  /** Their concrete types are known once this stage is merged; undefined as long as nothing asks for them. */
  typedAt: number | undefined;
  readonly sources: Source[];
  readonly objects: Map<string, Objects>;
  readonly parent:
    | { readonly objects: Objects; readonly key: string; readonly field: FieldNode; readonly conditions: Conditions }
    | undefined;
}

/** Objects of a place of one concrete type, or all of them under the name of their interface. */
export interface Objects {
  readonly place: Place;
  readonly type: string;
  readonly areAll: boolean;
  readonly held: Map<string, Held>;
  /** Of fetches that were sent their representations. */
  readonly entered: Map<string, Source>;
}

export function objectsOf(place: Place, type: string): Objects {
  let objects = place.objects.get(type);
  if (objects === undefined) {
    // One that holds nothing is as good as none: it need not be taken back.
    objects = { place, type, areAll: !place.types.includes(type), held: new Map(), entered: new Map() };
    place.objects.set(type, objects);
  }
  return objects;
}

/** The path of the objects, for what is fetched about them and below them. */
export function pathOf({ place, type, areAll }: Objects): PlanPath {
  return areAll || place.types.length === 1 ? place.path : [...place.path, { types: [type] }];
}
