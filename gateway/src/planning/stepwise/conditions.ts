import { Kind, type DirectiveNode, type SelectionNode, type SelectionSetNode } from 'graphql';

/** Variables that must all be true (`+name`) or not (`-name`), sorted, each once. None: always. */
export type Conjunction = readonly string[];

export const ALWAYS: readonly Conjunction[] = [[]];

/** What `@skip` and `@include` of a selection demand beside what is demanded already; undefined when it can never be met. */
export function conditionOf({ directives = [] }: SelectionNode, outer: Conjunction): Conjunction | undefined {
  const demands = new Set(outer);
  for (const directive of directives) {
    if (!isCondition(directive)) continue;
    const wanted = directive.name.value === 'include';
    const value = directive.arguments?.[0]?.value;
    if (value?.kind === Kind.VARIABLE) demands.add(`${wanted ? '+' : '-'}${value.name.value}`);
    else if (value?.kind === Kind.BOOLEAN && value.value !== wanted) return undefined;
  }
  const isContradiction = [...demands].some((demand) => demand.startsWith('+') && demands.has(`-${demand.slice(1)}`));
  return isContradiction ? undefined : [...demands].toSorted();
}

export function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}

/** The same alternatives without those that hold only where another one does. */
export function simplified(alternatives: readonly Conjunction[]): readonly Conjunction[] {
  return alternatives.filter((one, index) =>
    alternatives.every((other, place) => {
      const isWider = place !== index && other.every((demand) => one.includes(demand));
      return !isWider || (other.length === one.length && place > index);
    }),
  );
}

/** What all of them demand. */
export function commonDemands([first = [], ...others]: readonly Conjunction[]): Conjunction {
  return first.filter((demand) => others.every((other) => other.includes(demand)));
}

/** Selections under every one of the alternatives. */
export function underConditions(alternatives: readonly Conjunction[], selection: SelectionNode): readonly SelectionNode[] {
  return alternatives.map((demands) =>
    demands.reduceRight<SelectionNode>((inner, demand) => {
      const selectionSet: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [inner] };
      return { kind: Kind.INLINE_FRAGMENT, directives: [directiveOf(demand)], selectionSet };
    }, selection),
  );
}

function directiveOf(demand: string): DirectiveNode {
  const variable = { kind: Kind.VARIABLE, name: { kind: Kind.NAME, value: demand.slice(1) } } as const;
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: demand.startsWith('+') ? 'include' : 'skip' },
    arguments: [{ kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'if' }, value: variable }],
  };
}
