import { Kind, parse, print, visit, type DocumentNode, type FieldNode, type VariableDefinitionNode } from 'graphql';

/** An entity fetch that passes on values of `@fromContext`, as it is asked for entities that do not all share them. */
export interface ContextOperation {
  /** Variables that may not be null. */
  readonly required: ReadonlySet<string>;
  /** The text for `groups` of entities, each with values of its own. That of one group is the plan's. */
  text(groups: number): string;
}

/** The name of a variable, or of the response key of the entities, for one of several groups. */
export function groupName(name: string, group: number): string {
  return `${name}_${group}`;
}

/** @param variables which each group has of its own, the one of the representations included */
export function createContextOperation(operation: string, variables: ReadonlySet<string>): ContextOperation {
  const document = parse(operation, { noLocation: true });
  const required = new Set<string>();
  visit(document, {
    VariableDefinition({ variable, type }) {
      if (type.kind === Kind.NON_NULL_TYPE && variables.has(variable.name.value)) required.add(variable.name.value);
    },
  });
  return { required, text: (groups) => (groups === 1 ? operation : print(divided(document, variables, groups))) };
}

/** The root field once for each group, under a key and with variables of the group's. */
function divided(document: DocumentNode, variables: ReadonlySet<string>, groups: number): DocumentNode {
  const numbers = [...Array(groups).keys()];
  return {
    ...document,
    definitions: document.definitions.map((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return definition;
      const selections = definition.selectionSet.selections.flatMap((field) => {
        if (field.kind !== Kind.FIELD) throw new Error('An entity fetch selects nothing but fields.'); // planners write no other
        return numbers.map((group) => ofGroup(field, variables, group));
      });
      return {
        ...definition,
        variableDefinitions: definition.variableDefinitions?.flatMap((one): readonly VariableDefinitionNode[] =>
          variables.has(one.variable.name.value) ? numbers.map((group) => renamed(one, variables, group)) : [one],
        ),
        selectionSet: { ...definition.selectionSet, selections },
      };
    }),
  };
}

function ofGroup(field: FieldNode, variables: ReadonlySet<string>, group: number): FieldNode {
  const key = (field.alias ?? field.name).value;
  return { ...renamed(field, variables, group), alias: { kind: Kind.NAME, value: groupName(key, group) } };
}

function renamed<Node extends FieldNode | VariableDefinitionNode>(node: Node, variables: ReadonlySet<string>, group: number): Node {
  return visit(node, {
    Variable: (variable) =>
      variables.has(variable.name.value)
        ? { ...variable, name: { ...variable.name, value: groupName(variable.name.value, group) } }
        : undefined,
  });
}
