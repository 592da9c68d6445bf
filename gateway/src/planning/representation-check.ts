import { Kind, type SelectionSetNode } from 'graphql';
import { fieldMeaning } from './field-meaning.js';
import type { EntityBatch, Requirement } from './plan.js';
import { keysOf, type SubgraphFacts } from './subgraph-facts.js';
import type { SupergraphTypes } from './supergraph-types.js';
import type { Brought, Place } from './symbolic-answer.js';

type FieldRequirement = Extract<Requirement, { kind: 'field' }>;

/** Objects of one type that an entity fetch is to be told of. */
export interface Told {
  readonly place: Place;
  readonly type: string;
}

/** Whether representations of objects of this type are sent at all. */
export function isTold(requires: readonly Requirement[], type: string, facts: SupergraphTypes): boolean {
  return requires.some((requirement) => requirement.kind === 'field' || facts.fits(type, requirement.onType));
}

/** Why a subgraph can make nothing of representations of objects of this type, whatever they hold. */
export function unknownEntity({ requires, inputRewrites }: EntityBatch, type: string, subgraph: SubgraphFacts): string | undefined {
  const { supergraph } = subgraph;
  let name = type;
  for (const { kind, path, ...rewrite } of inputRewrites) {
    // A field that is built from another one may be the key.
    if (kind === 'rename') return undefined;
    const [first, ...rest] = path;
    const isOfType = typeof first === 'string' ? rest.length === 0 : first?.types.some((each) => supergraph.fits(type, each));
    if (isOfType && path.at(-1) === '__typename' && 'value' in rewrite) name = String(rewrite.value);
  }
  if (!subgraph.knows(name)) return `${subgraph.name} is told of ${name}, which it does not have`;
  const keys = keysOf(subgraph, name);
  const isKeyTold = keys.some((key) => isFieldSetTold(key, { requires, type, facts: supergraph }));
  return isKeyTold || keys.length === 0 ? undefined : `${subgraph.name} is not told a whole key of ${name}`;
}

function isFieldSetTold(
  { selections }: SelectionSetNode,
  { requires, type, facts }: { readonly requires: readonly Requirement[]; readonly type: string; readonly facts: SupergraphTypes },
): boolean {
  return selections.every((field) => {
    if (field.kind !== Kind.FIELD) return true;
    const told = findRequirement(requires, type, field.name.value, facts);
    const inner = facts.fieldType(type, field.name.value);
    if (told === undefined || !field.selectionSet || inner === undefined) return told !== undefined;
    return isFieldSetTold(field.selectionSet, { requires: told.selections ?? [], type: inner, facts });
  });
}

/** The first thing the representations would have to hold and nothing brought before. */
export function lackingRequirement(requires: readonly Requirement[], { place, type }: Told, facts: SupergraphTypes): string | undefined {
  for (const requirement of requires) {
    let lacking: string | undefined;
    if (requirement.kind === 'fragment') {
      if (facts.fits(type, requirement.onType)) lacking = lackingRequirement(requirement.selections, { place, type }, facts);
    } else if (requirement.writeTo !== '__typename') {
      const brought = readRequirement(requirement, { place, type });
      if (!brought) return `${requirement.writeTo} of ${type} is not there when it is needed`;
      brought.isUsed = true;
      lacking = lackingWithin(requirement, brought, facts);
    }
    if (lacking !== undefined) return lacking;
  }
  return undefined;
}

/** The first field, among those asked of the entities, whose `@requires` the representations do not hold as it wants it. */
export function unmetRequires(
  { selections }: SelectionSetNode,
  told: Told,
  { batch, subgraph, parent = told.type }: { readonly batch: EntityBatch; readonly subgraph: SubgraphFacts; readonly parent?: string },
): string | undefined {
  // Rewrites of the representation may build a field from any other.
  if (batch.inputRewrites.some(({ kind }) => kind === 'rename')) return undefined;
  const { supergraph } = subgraph;
  for (const selection of selections) {
    let unmet: string | undefined;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const condition = selection.typeCondition?.name.value ?? parent;
      if (supergraph.fits(told.type, condition))
        unmet = unmetRequires(selection.selectionSet, told, { batch, subgraph, parent: condition });
    } else if (selection.kind === Kind.FIELD) {
      const required = subgraph.field(parent, selection.name.value)?.requires;
      const problem = required && unmetFieldSet(required, told, batch, supergraph);
      if (problem !== undefined) unmet = `${parent}.${selection.name.value} requires ${problem}`;
    }
    if (unmet !== undefined) return unmet;
  }
  return undefined;
}

function unmetFieldSet({ selections }: SelectionSetNode, told: Told, batch: EntityBatch, facts: SupergraphTypes): string | undefined {
  for (const field of selections) {
    if (field.kind !== Kind.FIELD) continue;
    const wanted = fieldMeaning(field);
    const requirement = findRequirement(batch.requires, told.type, field.name.value, facts);
    if (!requirement) return `${wanted}, which is not sent`;
    const brought = readRequirement(requirement, told);
    if (brought && brought.meaning !== wanted) return `${wanted}, for which ${brought.meaning} is sent`;
  }
  return undefined;
}

function lackingWithin(requirement: FieldRequirement, { place }: Brought, facts: SupergraphTypes): string | undefined {
  if (!requirement.selections || !place) return undefined;
  for (const type of place.types) {
    const lacking = lackingRequirement(requirement.selections, { place, type }, facts);
    if (lacking !== undefined) return lacking;
  }
  return undefined;
}

function readRequirement({ readFrom }: FieldRequirement, { place, type }: Told): Brought | undefined {
  for (const key of readFrom) {
    const brought = place.find(type, key);
    if (brought) return brought;
  }
  return undefined;
}

function findRequirement(
  requires: readonly Requirement[],
  type: string,
  name: string,
  facts: SupergraphTypes,
): FieldRequirement | undefined {
  for (const requirement of requires) {
    if (requirement.kind === 'field') {
      if (requirement.writeTo === name) return requirement;
    } else if (facts.fits(type, requirement.onType)) {
      const found = findRequirement(requirement.selections, type, name, facts);
      if (found) return found;
    }
  }
  return undefined;
}
