import { Kind, type FragmentDefinitionNode, type GraphQLSchema, type OperationDefinitionNode } from 'graphql';
import { splitRootFields } from '../mutation-order.js';
import type { PlanNode } from '../plan.js';
import type { OverrideChoice, PlannedOperation } from '../planner.js';
import { PlanningFailedError } from '../planning-failed-error.js';
import type { Fragments } from '../root-selections.js';
import { factsOf } from '../supergraph-facts.js';
import { objectsOf, type Objects, type Place } from './draft-place.js';
import { InternalKeys } from './internal-keys.js';
import { FieldFinder } from './obtain-fields.js';
import { PlanDraft } from './plan-draft.js';
import { Conditions } from './selection-draft.js';
import { dependsOnTypes, isSameWant, wantedFields, type Part, type WantedField } from './wanted-fields.js';
import { writePlan } from './write-plan.js';

/**
 * Plans an operation from the supergraph's own directives, one field after another: each is taken from the first source that has it.
 * Its plans ask more often than those of the other planners and wait for one another's slowest fetch, but whatever can be resolved, it
 * finds.
 *
 * Throws `PlanningFailedError` where a field cannot be resolved, or too many ways would have to be tried.
 */
export function planStepwise(
  { document }: PlannedOperation,
  { supergraph, choice }: { readonly supergraph: GraphQLSchema; readonly choice: OverrideChoice },
): PlanNode | undefined {
  const definition = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION);
  if (definition?.operation !== 'mutation') return planDocument(document, { supergraph, choice });
  // The fields of a mutation run one after another, each to its end.
  const plans = splitRootFields(document).map((field) => planDocument(field, { supergraph, choice }));
  const nodes = plans.filter((plan) => plan !== undefined);
  return nodes.length > 1 ? { kind: 'sequence', nodes } : nodes[0];
}

function planDocument(
  document: PlannedOperation['document'],
  { supergraph, choice }: { readonly supergraph: GraphQLSchema; readonly choice: OverrideChoice },
): PlanNode | undefined {
  const fragments = new Map<string, FragmentDefinitionNode>();
  let operation: OperationDefinitionNode | undefined;
  for (const one of document.definitions) {
    if (one.kind === Kind.FRAGMENT_DEFINITION) fragments.set(one.name.value, one);
    else if (one.kind === Kind.OPERATION_DEFINITION) operation = one;
  }
  if (!operation) return undefined;
  const draft = new PlanDraft(factsOf(supergraph), operation.operation, choice, new InternalKeys(supergraph));
  const { rootType } = draft;
  if (rootType === undefined) return undefined;
  const root: Place = {
    path: [],
    declared: rootType,
    types: [rootType],
    stage: 0,
    typedAt: 0,
    sources: [],
    objects: new Map(),
    parent: undefined,
  };
  const filling = new Filling(draft, fragments);
  if (!filling.fillPlace(root, [{ selectionSet: operation.selectionSet, condition: [] }])) {
    throw new PlanningFailedError(`No subgraph can be brought to answer ${filling.unmet ?? 'the operation'}.`);
  }
  return writePlan(draft.fetches, operation);
}

/** Has everything brought that an operation wants, from the root down. */
class Filling {
  /** The first field nothing brings, for the log. */
  unmet: string | undefined;
  readonly #draft: PlanDraft;
  readonly #fragments: Fragments;
  readonly #finder: FieldFinder;

  constructor(draft: PlanDraft, fragments: Fragments) {
    this.#draft = draft;
    this.#fragments = fragments;
    this.#finder = new FieldFinder(draft);
  }

  fillPlace(place: Place, parts: readonly Part[]): boolean {
    const scope = { facts: this.#draft.facts, fragments: this.#fragments };
    const wanted = place.types.map((type) => ({ type, fields: wantedFields(parts, type, scope) }));
    if (place.types.length > 1 || place.typedAt === undefined) this.#fillAll(place, wanted);
    if (wanted.every(({ fields }) => fields.size === 0) && !dependsOnTypes(parts, place.types, scope)) return true;
    // Which types the objects have is wanted itself, or decides what is.
    if (!this.#finder.tellTypes(place)) return false;
    return wanted.every(({ type, fields }) => [...fields.values()].every((want) => this.#fillField(objectsOf(place, type), want)));
  }

  /** Brings what is wanted of all objects alike, where it can be had without knowing their types, and takes it off the list. */
  #fillAll(place: Place, wanted: readonly { readonly fields: Map<string, WantedField> }[]): void {
    const [first, ...others] = wanted;
    for (const [key, want] of first?.fields ?? []) {
      if (key === '__typename' || !others.every(({ fields }) => isSameWant(want, fields.get(key)))) continue;
      if (!this.#isFieldOf(place.declared, want)) continue;
      const { unmet } = this;
      if (this.#draft.journal.attempt(() => this.#fillField(objectsOf(place, place.declared), want) || undefined)) {
        for (const { fields } of wanted) fields.delete(key);
      }
      this.unmet = unmet;
    }
  }

  #fillField(objects: Objects, { key, field, conditions, parts }: WantedField): boolean {
    // Every source of objects says their types.
    if (field.name.value.startsWith('__')) return true;
    const held = this.#finder.obtain(objects, { key, field, conditions: new Conditions(conditions) });
    if (held && (!held.place || this.fillPlace(held.place, parts))) return true;
    this.unmet ??= `${objects.type}.${field.name.value}`;
    return false;
  }

  /** Types of an interface may have arguments of their own. */
  #isFieldOf(type: string, { field }: WantedField): boolean {
    const definition = this.#draft.facts.field(type, field.name.value);
    return definition !== undefined && (field.arguments ?? []).every(({ name }) => definition.args.some((one) => one.name === name.value));
  }
}
