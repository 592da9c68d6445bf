import { print, visit, type DocumentNode } from 'graphql';
import type { PlannedOperation } from './planner.js';

/** An operation whose variables planners can tell from their own. */
export interface SafeVariables {
  /** What is planned; the same object where nothing had to be renamed. */
  readonly operation: PlannedOperation;
  /** The values under the names the plan knows, too. */
  withPlannedNames(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
}

/** Planners name the variables of their entity fetches so, with numbers behind: for representations, and for values of `@fromContext`. */
const TAKEN = /^(?:representations|contextualArgument_)/;
const PREFIX = 'client_';

/** Renames variables of the client that have the names of a plan's own: its entity fetches would declare them twice. */
export function withSafeVariables(operation: PlannedOperation): SafeVariables {
  if (!/\$(?:representations|contextualArgument_)/.test(operation.text)) return { operation, withPlannedNames: (values) => values };
  const document: DocumentNode = visit(operation.document, {
    Variable: (node) => (TAKEN.test(node.name.value) ? { ...node, name: { ...node.name, value: PREFIX + node.name.value } } : undefined),
  });
  return {
    operation: { ...operation, document, text: print(document) },
    withPlannedNames(values) {
      const renamed = Object.entries(values).filter(([name]) => TAKEN.test(name));
      return { ...values, ...Object.fromEntries(renamed.map(([name, value]) => [PREFIX + name, value])) };
    },
  };
}
