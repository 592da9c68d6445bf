import {
  isAbstractType,
  isInterfaceType,
  isObjectType,
  Kind,
  type DirectiveNode,
  type DocumentNode,
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
  /** Of each place in the operation that selects it. */
  readonly conditions: Condition[];
  /** Of all places in the operation that select under this key. */
  readonly parts: SelectionPart[];
  /** Conditions of the places that are answered, where one of them is cut: null where none of these holds. Undefined where all are answered. */
  answered: Condition[] | undefined;
}

/**
 * One turn of a field in the order of the answer: the field stands where the first place that is included selects it, so a field whose
 * first place has a condition has a turn at its later places, too.
 */
export interface FieldTurn {
  readonly field: SelectedField;
  /** Holds where the field is written at this turn. */
  readonly condition: Condition;
  /** None of these holds then: the field would have been written already. */
  readonly unless: readonly Condition[];
}

export interface CollectScope {
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly dataKeyOf: (field: FieldNode) => string;
  /** Fields the caller may not have. Undefined where there are none. */
  readonly cut?: ReadonlySet<FieldNode> | undefined;
}

/**
 * The fields that selections come to for objects of one type, in the order of the answer, turn by turn.
 * CollectFields of the specification (§6.3.2), once for all values of the variables: `@skip` and `@include` stay as conditions.
 */
export function collectSelectedFields(
  parts: readonly SelectionPart[],
  type: GraphQLCompositeType,
  scope: CollectScope,
): readonly FieldTurn[] {
  const fields = new Map<string, SelectedField>();
  const turns: FieldTurn[] = [];
  const collect = ({ set, condition: outer }: SelectionPart): void => {
    for (const selection of set.selections) {
      const condition = conditionOf(selection.directives ?? [], outer);
      if (condition === 'never') continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        let field = fields.get(key);
        if (field === undefined) {
          const dataKey = scope.dataKeyOf(selection);
          fields.set(key, (field = { key, dataKey, name: selection.name.value, conditions: [], parts: [], answered: undefined }));
        }
        if (scope.cut?.has(selection)) field.answered ??= [...field.conditions];
        else field.answered?.push(condition);
        if (!field.conditions.some((earlier) => earlier.length === 0)) {
          turns.push({ field, condition, unless: [...field.conditions] });
        }
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
  return turns;
}

export function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  return new Map(document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [])));
}

function fits(type: GraphQLCompositeType, onType: string, schema: GraphQLSchema): boolean {
  if (type.name === onType) return true;
  const condition = schema.getType(onType);
  return isAbstractType(condition) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(condition, type);
}

/** What must hold, `outer` and these directives; `never` where that cannot be. */
export function conditionOf(directives: readonly DirectiveNode[], outer: Condition): Condition | 'never' {
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
