import {
  Kind,
  type DirectiveNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../answer/selected-fields.js';
import type { CompiledOperation } from '../compiled-operation.js';

/** One `@defer` of an operation at one place: a fragment that is spread twice holds two. */
export interface DeferUsage {
  readonly label: string | undefined;
  /** The deferred fragment around it. */
  readonly parent: DeferUsage | undefined;
}

/** An operation whose named fragments are put in their places, so that each place has nodes of its own. */
export interface ExpandedOperation {
  readonly operation: OperationDefinitionNode;
  readonly usages: readonly DeferUsage[];
  /** Undefined where the fragment is not deferred. */
  usageOf(fragment: InlineFragmentNode): DeferUsage | undefined;
}

type Variables = Readonly<Record<string, unknown>>;

const DEFER = 'defer';

/**
 * Takes every `@defer` off the operation and keeps it as a usage of its fragment where it is active: not where its `if` is false, nor
 * at the root of a mutation, whose fields run one after another and are answered together.
 */
export function expandDeferred(
  { operation, document }: Pick<CompiledOperation, 'operation' | 'document'>,
  variables: Variables,
): ExpandedOperation {
  const fragments = fragmentsOf(document);
  const usages = new Map<InlineFragmentNode, DeferUsage>();
  const expand = (set: SelectionSetNode, parent: DeferUsage | undefined, mayDefer: boolean): SelectionSetNode => ({
    kind: Kind.SELECTION_SET,
    // Planners drop a field of which they see that nothing is selected.
    selections: set.selections.filter(mayBeIncluded).map((selection): SelectionNode => {
      if (selection.kind === Kind.FIELD) {
        return selection.selectionSet === undefined
          ? selection
          : { ...selection, selectionSet: expand(selection.selectionSet, parent, true) };
      }
      const { typeCondition, selectionSet } = bodyOf(selection, fragments);
      const defer = selection.directives?.find(({ name }) => name.value === DEFER);
      const usage = mayDefer && defer !== undefined && isActive(defer, variables) ? { label: labelOf(defer), parent } : undefined;
      const inline: InlineFragmentNode = {
        kind: Kind.INLINE_FRAGMENT,
        typeCondition,
        directives: (selection.directives ?? []).filter((one) => one !== defer),
        selectionSet: expand(selectionSet, usage ?? parent, mayDefer),
      };
      if (usage !== undefined) usages.set(inline, usage);
      return inline;
    }),
  });
  const selectionSet = expand(operation.selectionSet, undefined, operation.operation !== 'mutation');
  return {
    operation: { ...operation, selectionSet },
    usages: [...usages.values()],
    usageOf: (fragment) => usages.get(fragment),
  };
}

/** What of the variables decides which fragments are deferred: the same for all requests that can share a plan. */
export function deferVariablesOf({ document }: Pick<CompiledOperation, 'document'>): readonly string[] {
  const names = new Set<string>();
  const collect = ({ selections }: SelectionSetNode): void => {
    for (const selection of selections) {
      const value = selection.directives
        ?.find(({ name }) => name.value === DEFER)
        ?.arguments?.find(({ name }) => name.value === 'if')?.value;
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
      if (selection.kind !== Kind.FRAGMENT_SPREAD && selection.selectionSet !== undefined) collect(selection.selectionSet);
    }
  };
  for (const definition of document.definitions) if ('selectionSet' in definition) collect(definition.selectionSet);
  return [...names];
}

function bodyOf(
  selection: Exclude<SelectionNode, { kind: Kind.FIELD }>,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Pick<InlineFragmentNode, 'typeCondition' | 'selectionSet'> {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
  const fragment = fragments.get(selection.name.value);
  if (fragment === undefined) throw new Error(`There is no fragment ${selection.name.value}.`); // validation refuses such operations
  return fragment;
}

function mayBeIncluded({ directives = [] }: SelectionNode): boolean {
  return !directives.some(({ name, arguments: given = [] }) => {
    const value = given.find((argument) => argument.name.value === 'if')?.value;
    if (value?.kind !== Kind.BOOLEAN) return false;
    return name.value === 'skip' ? value.value : name.value === 'include' && !value.value;
  });
}

function isActive(defer: DirectiveNode, variables: Variables): boolean {
  const value = defer.arguments?.find(({ name }) => name.value === 'if')?.value;
  if (value?.kind === Kind.VARIABLE) return variables[value.name.value] !== false;
  return value?.kind !== Kind.BOOLEAN || value.value;
}

function labelOf(defer: DirectiveNode): string | undefined {
  const value = defer.arguments?.find(({ name }) => name.value === 'label')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
