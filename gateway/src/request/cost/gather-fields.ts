import {
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type SelectionSetNode,
} from 'graphql';
import type { Term, Variables } from './term.js';

/** Whether a selection is included: always, or as variables say. */
export type Gate = true | ((variables: Variables) => boolean);

export interface SelectedPart {
  readonly set: SelectionSetNode;
  readonly gate: Gate;
}

/** What is selected under one response key. */
export interface GatheredField {
  readonly node: FieldNode;
  /** 1 where the field is included, else 0. */
  readonly included: Term;
  readonly parts: readonly SelectedPart[];
}

export interface Gathered {
  readonly fields: readonly GatheredField[];
  /** What is selected of objects of another type only, by that type. */
  readonly byType: ReadonlyMap<string, readonly SelectedPart[]>;
}

export interface GatherScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** The fields that selections come to for a type: those under one response key are one field (CollectFields of the specification, §6.3.2). */
export function gatherFields(parts: readonly SelectedPart[], type: GraphQLCompositeType, { schema, fragments }: GatherScope): Gathered {
  const fields = new Map<string, { readonly node: FieldNode; readonly gates: Gate[]; readonly parts: SelectedPart[] }>();
  const byType = new Map<string, SelectedPart[]>();
  const gather = ({ set, gate: outer }: SelectedPart): void => {
    for (const selection of set.selections) {
      const gate = gateOf(selection.directives ?? [], outer);
      if (gate === undefined) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        let field = fields.get(key);
        if (field === undefined) fields.set(key, (field = { node: selection, gates: [], parts: [] }));
        field.gates.push(gate);
        if (selection.selectionSet) field.parts.push({ set: selection.selectionSet, gate });
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      if (fragment === undefined) continue;
      const part = { set: fragment.selectionSet, gate };
      const onType = fragment.typeCondition?.name.value;
      if (onType === undefined || fits(type, onType, schema)) gather(part);
      else if (!isObjectType(type)) {
        const others = byType.get(onType);
        if (others === undefined) byType.set(onType, [part]);
        else others.push(part);
      }
    }
  };
  for (const part of parts) gather(part);
  return { fields: [...fields.values()].map(({ node, gates, parts: inner }) => ({ node, included: anyOf(gates), parts: inner })), byType };
}

function fits(type: GraphQLCompositeType, onType: string, schema: GraphQLSchema): boolean {
  if (type.name === onType) return true;
  const condition = schema.getType(onType);
  return isAbstractType(condition) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(condition, type);
}

/** Undefined for what is never included. */
function gateOf(directives: readonly DirectiveNode[], outer: Gate): Gate | undefined {
  let gate = outer;
  for (const { name, arguments: given } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const wanted = name.value === 'include';
    const value = given?.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN) {
      if (value.value !== wanted) return undefined;
    } else if (value?.kind === Kind.VARIABLE) {
      const variable = value.name.value;
      const before = gate;
      gate = (variables) => variables[variable] === wanted && (before === true || before(variables));
    }
  }
  return gate;
}

function anyOf(gates: readonly Gate[]): Term {
  if (gates.includes(true)) return 1;
  return (variables) => (gates.some((gate) => gate === true || gate(variables)) ? 1 : 0);
}
