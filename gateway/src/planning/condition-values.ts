import { Kind, visit, type DocumentNode, type SelectionNode } from 'graphql';

/** Values of the variables that `@skip` and `@include` read. */
export type ConditionValues = ReadonlyMap<string, boolean>;

/** Two to the sixth: operations with more variables in conditions are looked at with some of their values. */
const MAX_COMBINATIONS = 64;

/**
 * Values for the conditions of an operation: every combination of them or, where these are too many, all true, all false, each variable
 * alone different from the others, and some more. The same ones each time.
 */
export function conditionValues(document: DocumentNode): readonly ConditionValues[] {
  const found = new Set<string>();
  visit(document, {
    Directive({ name, arguments: given }) {
      const value = given?.[0]?.value;
      if ((name.value === 'skip' || name.value === 'include') && value?.kind === Kind.VARIABLE) found.add(value.name.value);
    },
  });
  const names = [...found];
  const combination = (isTrue: (index: number) => boolean): ConditionValues => new Map(names.map((name, index) => [name, isTrue(index)]));
  if (2 ** names.length <= MAX_COMBINATIONS) {
    return Array.from({ length: 2 ** names.length }, (_, bits) => combination((index) => ((bits >> index) & 1) === 1));
  }
  const single = names.flatMap((_, one) => [combination((index) => index === one), combination((index) => index !== one)]);
  const others = Array.from({ length: MAX_COMBINATIONS }, (_, number) => combination((index) => isSpread(number, index)));
  return [combination(() => true), combination(() => false), ...single, ...others].slice(0, MAX_COMBINATIONS);
}

/** Whether a selection is left out with these values. */
export function isLeftOut({ directives }: SelectionNode, values: ConditionValues): boolean {
  return (
    directives?.some(({ name, arguments: given }) => {
      if (name.value !== 'skip' && name.value !== 'include') return false;
      const value = given?.[0]?.value;
      const holds = value?.kind === Kind.BOOLEAN ? value.value : value?.kind === Kind.VARIABLE ? values.get(value.name.value) : undefined;
      return holds !== undefined && holds === (name.value === 'skip');
    }) ?? false
  );
}

/** Multiplied by odd numbers, the bits of consecutive numbers look unrelated (Knuth's multiplicative hashing). */
function isSpread(number: number, index: number): boolean {
  return ((Math.imul(number + 1, 2_654_435_761) ^ Math.imul(index + 1, 2_246_822_519)) >>> 17) % 2 === 1;
}
