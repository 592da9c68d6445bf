import {
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  type SelectionSetNode,
} from 'graphql';
import { nameOf, readFieldUses, withoutUnusedExternals, type TypeWithFields } from './field-uses.js';
import type { EntityBatch, FetchNode, PlanNode, Requirement } from './plan.js';

/** A supergraph in which no `@requires` has arguments, and the way back from plans made with it. */
export interface RequiredArguments {
  readonly supergraphSdl: string;
  restore(plan: PlanNode): PlanNode;
}

/** A field that stands for another one with certain arguments. */
interface StandIn {
  readonly field: string;
  readonly args: readonly ArgumentNode[];
}

const PREFIX = '_r';

/**
 * Planners know a required field by its name alone: where two `@requires` ask the same field with different arguments, one value is used
 * for both, or no plan is found. So each field that is required with arguments becomes a field of its own, without arguments, that the
 * same subgraphs have; in the plan it is the field with its arguments again, under a key nobody else uses.
 */
export function withRequiredArguments(supergraphSdl: string): RequiredArguments {
  // Most supergraphs have none, and parsing a large one takes tens of milliseconds.
  if (!/requires: "[^"]*\(/.test(supergraphSdl)) return { supergraphSdl, restore: (plan) => plan };
  const document = parse(supergraphSdl, { noLocation: true });
  const standIns = new StandIns(document);
  const eachType = (from: DocumentNode, change: (type: TypeWithFields) => TypeWithFields | undefined): DocumentNode =>
    visit(from, { ObjectTypeDefinition: change, InterfaceTypeDefinition: change });
  const renamed = eachType(document, (type) => standIns.renameIn(type));
  const extended = eachType(renamed, (type) => standIns.addTo(type));
  const isUsed = readFieldUses(extended);
  const { known } = standIns;
  const touched = new Set([...known].flatMap(([name, { field }]) => [name, field]));
  const pruned = eachType(extended, (type) => withoutUnusedExternals(type, touched, isUsed));
  return { supergraphSdl: print(pruned), restore: (plan) => restoreNode(plan, known) };
}

class StandIns {
  /** By the stand-in's name. */
  readonly known = new Map<string, StandIn>();
  readonly #types: ReadonlyMap<string, TypeWithFields>;
  /** Names of stand-ins by type and what they stand for. */
  readonly #byType = new Map<string, Map<string, string>>();

  constructor(document: DocumentNode) {
    this.#types = new Map(
      document.definitions.flatMap((one) =>
        one.kind === Kind.OBJECT_TYPE_DEFINITION || one.kind === Kind.INTERFACE_TYPE_DEFINITION ? [[one.name.value, one] as const] : [],
      ),
    );
  }

  /** Writes stand-ins into the `requires` of a type's fields. */
  renameIn(type: TypeWithFields): TypeWithFields {
    return visit(type, {
      Argument: (argument) => {
        const { name, value } = argument;
        if (name.value !== 'requires' || value.kind !== Kind.STRING || !value.value.includes('(')) return undefined;
        const required = parse(`{${value.value}}`, { noLocation: true }).definitions[0];
        if (required?.kind !== Kind.OPERATION_DEFINITION) return undefined;
        const selections = print(this.#rename(required.selectionSet, type.name.value)).replaceAll(/\s+/g, ' ').slice(1, -1);
        return { ...argument, value: { ...value, value: selections.trim() } };
      },
    });
  }

  /** Adds a type's stand-ins to it, resolved where the fields they stand for are. */
  addTo(type: TypeWithFields): TypeWithFields | undefined {
    const names = this.#byType.get(type.name.value);
    if (names === undefined) return undefined;
    const fields = [...names.values()].flatMap((name): FieldDefinitionNode[] => {
      const original = type.fields?.find((field) => field.name.value === this.known.get(name)?.field);
      return original === undefined ? [] : [{ ...original, name: { ...original.name, value: name }, arguments: [] }];
    });
    return { ...type, fields: [...(type.fields ?? []), ...fields] };
  }

  #rename(set: SelectionSetNode, typename: string): SelectionSetNode {
    return {
      ...set,
      selections: set.selections.map((selection) => {
        if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
        if (selection.kind === Kind.INLINE_FRAGMENT) {
          return { ...selection, selectionSet: this.#rename(selection.selectionSet, selection.typeCondition?.name.value ?? typename) };
        }
        const inner = this.#types.get(typename)?.fields?.find((field) => field.name.value === selection.name.value);
        const selectionSet = selection.selectionSet && inner && this.#rename(selection.selectionSet, nameOf(inner.type));
        const nested = selectionSet === undefined ? selection : { ...selection, selectionSet };
        return (selection.arguments?.length ?? 0) === 0 ? nested : this.#standInFor(nested, typename);
      }),
    };
  }

  #standInFor(field: FieldNode, typename: string): FieldNode {
    const meaning = print({ ...field, selectionSet: undefined });
    // An interface's field is one of all its types, which are asked by their own names.
    for (const type of this.#typesOf(typename)) {
      let names = this.#byType.get(type);
      if (names === undefined) this.#byType.set(type, (names = new Map()));
      const name = names.get(meaning) ?? this.#nameOf(field, meaning);
      names.set(meaning, name);
    }
    const { arguments: _args, ...bare } = field;
    return { ...bare, name: { ...field.name, value: this.#nameOf(field, meaning) } };
  }

  readonly #names = new Map<string, string>();

  #nameOf(field: FieldNode, meaning: string): string {
    let name = this.#names.get(meaning);
    if (name === undefined) {
      name = `${PREFIX}${this.#names.size}_${field.name.value}`;
      this.#names.set(meaning, name);
      this.known.set(name, { field: field.name.value, args: field.arguments ?? [] });
    }
    return name;
  }

  /** A type, and where it is an interface, the types that implement it. */
  #typesOf(typename: string): readonly string[] {
    const implementing = [...this.#types.values()].filter(({ interfaces }) => interfaces?.some(({ name }) => name.value === typename));
    return [typename, ...implementing.map(({ name }) => name.value)];
  }
}

function restoreNode(node: PlanNode, known: ReadonlyMap<string, StandIn>): PlanNode {
  switch (node.kind) {
    case 'fetch':
      return restoreFetch(node, known);
    case 'condition':
      return {
        ...node,
        whenTrue: node.whenTrue && restoreNode(node.whenTrue, known),
        whenFalse: node.whenFalse && restoreNode(node.whenFalse, known),
      };
    default:
      return { ...node, nodes: node.nodes.map((child) => restoreNode(child, known)) };
  }
}

function restoreFetch(node: FetchNode, known: ReadonlyMap<string, StandIn>): FetchNode {
  const operation = node.operation.includes(PREFIX) ? restoreText(node.operation, known) : node.operation;
  const batches = node.batches?.map((batch): EntityBatch => ({
    ...batch,
    requires: batch.requires.map((one) => restoreRequirement(one, known)),
  }));
  return { ...node, operation, batches };
}

function restoreText(operation: string, known: ReadonlyMap<string, StandIn>): string {
  const document = visit(parse(operation, { noLocation: true }), {
    Field(field) {
      const standIn = known.get(field.name.value);
      if (standIn === undefined) return undefined;
      const alias = field.alias ?? field.name;
      return { ...field, alias, name: { ...field.name, value: standIn.field }, arguments: [...standIn.args] };
    },
  });
  return stripIgnoredCharacters(print(document));
}

/** The subgraph that requires the field knows it by its own name. */
function restoreRequirement(requirement: Requirement, known: ReadonlyMap<string, StandIn>): Requirement {
  const selections = requirement.selections?.map((one) => restoreRequirement(one, known));
  if (requirement.kind === 'fragment') return { ...requirement, selections: selections ?? [] };
  const writeTo = known.get(requirement.writeTo)?.field ?? requirement.writeTo;
  return { ...requirement, writeTo, selections };
}
