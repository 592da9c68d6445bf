import { getOperationAST, Kind, visit, type DocumentNode } from 'graphql';

/** Leaves out other operations, and fragments and variables that nothing uses any more. */
export function pruneDocument(document: DocumentNode, operationName: string | undefined): DocumentNode {
  const operation = getOperationAST(document, operationName);
  if (!operation) return document;
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [],
    ),
  );
  const usedFragments = new Set<string>();
  const usedVariables = new Set<string>();
  const pending: DocumentNode['definitions'][number][] = [operation];
  for (let current = pending.pop(); current; current = pending.pop()) {
    visit(current, {
      VariableDefinition: () => false,
      Variable: (variable) => void usedVariables.add(variable.name.value),
      FragmentSpread(spread) {
        const name = spread.name.value;
        const fragment = fragments.get(name);
        if (fragment && !usedFragments.has(name)) pending.push(fragment);
        usedFragments.add(name);
      },
    });
  }
  return {
    ...document,
    definitions: [
      {
        ...operation,
        variableDefinitions: operation.variableDefinitions?.filter(({ variable }) => usedVariables.has(variable.name.value)),
      },
      ...[...fragments].filter(([name]) => usedFragments.has(name)).map(([, fragment]) => fragment),
    ],
  };
}
