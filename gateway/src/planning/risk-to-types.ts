import { Kind, type SelectionSetNode } from 'graphql';
import type { Bringing } from './verification.js';
import { isLeftOut } from './condition-values.js';

/**
 * A field, asked of some types only, that could cost the whole entity in the fetch that is to tell which type it is of. Should it fail,
 * nothing would tell that it was to be there.
 */
export function riskToTypes(selectionSet: SelectionSetNode, types: readonly string[], bringing: Bringing): string | undefined {
  const { subgraph } = bringing;
  if (!fieldsOf(selectionSet, types, bringing).some(({ name }) => name === '__typename')) return undefined;
  const risky = fieldsOf(selectionSet, types, bringing).find(
    (field) => field.types.length < types.length && field.parent !== undefined && subgraph.isCostly(field.parent, field.name),
  );
  return risky && `${subgraph.name}: ${risky.parent}.${risky.name} can cost what tells that there is a ${risky.parent}`;
}

interface AskedField {
  readonly name: string;
  readonly parent: string | undefined;
  /** Those of the entities' types that it is asked of. */
  readonly types: readonly string[];
}

function fieldsOf({ selections }: SelectionSetNode, types: readonly string[], bringing: Bringing): readonly AskedField[] {
  const { parent, verification } = bringing;
  return selections.flatMap((selection): readonly AskedField[] => {
    if (isLeftOut(selection, verification.values) || selection.kind === Kind.FRAGMENT_SPREAD) return [];
    if (selection.kind === Kind.FIELD) return [{ name: selection.name.value, parent, types }];
    const condition = selection.typeCondition?.name.value;
    const fitting = condition === undefined ? types : types.filter((type) => verification.facts.fits(type, condition));
    return fitting.length === 0 ? [] : fieldsOf(selection.selectionSet, fitting, { ...bringing, parent: condition ?? parent });
  });
}
