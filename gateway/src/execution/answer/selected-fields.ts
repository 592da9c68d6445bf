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

/** Holds when every variable has the value named; none at all always holds. */
export type Condition = readonly { readonly variable: string; readonly equals: boolean }[];

/** A part of the operation that selects fields of one object. */
export interface SelectionPart {
  readonly set: SelectionSetNode;
  readonly condition: Condition;
}

/** What the answer holds under one response key. */
export interface SelectedField {
  readonly key: string;
  /** The key under which the data holds it. */
  readonly dataKey: string;
  readonly name: string;
  /** The field is in the answer when one of them holds. */
  readonly conditions: Condition[];
  /** Of all places in the operation that select under this key. */
  readonly parts: SelectionPart[];
}

export interface CollectScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly dataKeyOf: (field: FieldNode) => string;
}

/**
 * The fields that selections come to for objects of one type, in the order of the answer.
 * CollectFields of the specification (§6.3.2), once for all values of the variables: `@skip` and `@include` stay as conditions.
 */
export function collectSelectedFields(
  parts: readonly SelectionPart[],
  type: GraphQLCompositeType,
  scope: CollectScope,
): readonly SelectedField[] {
  const fields = new Map<string, SelectedField>();
  const collect = ({ set, condition: outer }: SelectionPart): void => {
    for (const selection of set.selections) {
      const condition = conditionOf(selection.directives ?? [], outer);
      if (condition === 'never') continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        let field = fields.get(key);
        if (field === undefined)
          fields.set(key, (field = { key, dataKey: scope.dataKeyOf(selection), name: selection.name.value, conditions: [], parts: [] }));
        field.conditions.push(condition);
        if (selection.selectionSet) field.parts.push({ set: selection.selectionSet, condition });
        continue;
      }
      const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? scope.fragments.get(selection.name.value)! : selection;
      const onType = fragment.typeCondition?.name.value;
      if (onType === undefined || fits(type, onType, scope.schema)) collect({ set: fragment.selectionSet, condition });
    }
  };
  for (const part of parts) collect(part);
  return [...fields.values()];
}

function fits(type: GraphQLCompositeType, onType: string, schema: GraphQLSchema): boolean {
  if (type.name === onType) return true;
  const condition = schema.getType(onType);
  return isAbstractType(condition) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(condition, type);
}

function conditionOf(directives: readonly DirectiveNode[], outer: Condition): Condition | 'never' {
  let condition = outer;
  for (const { name, arguments: args } of directives) {
    if (name.value !== 'skip' && name.value !== 'include') continue;
    const equals = name.value === 'include';
    const value = args?.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind === Kind.BOOLEAN) {
      if (value.value !== equals) return 'never';
    } else if (value?.kind === Kind.VARIABLE) {
      const variable = value.name.value;
      const known = condition.find((one) => one.variable === variable);
      if (known === undefined) condition = [...condition, { variable, equals }];
      else if (known.equals !== equals) return 'never';
    }
  }
  return condition;
}
