/** The values of an operation's variables, coerced. */
export type Variables = Readonly<Record<string, unknown>>;

/** A number that may depend on the variables. */
export type Term = number | ((variables: Variables) => number);

/** Costs are exact up to here, and are this where they would be more. */
export const HIGHEST_COST = 1e15;

const within = (cost: number): number => (cost < HIGHEST_COST ? cost : HIGHEST_COST);

export function evaluate(term: Term, variables: Variables): number {
  return typeof term === 'number' ? term : term(variables);
}

export function sum(terms: readonly Term[]): Term {
  let constant = 0;
  const parts: Exclude<Term, number>[] = [];
  for (const term of terms) {
    if (typeof term === 'number') constant = within(constant + term);
    else parts.push(term);
  }
  const [first, second] = parts;
  if (first === undefined) return constant;
  if (second === undefined) return constant === 0 ? first : (variables) => within(constant + first(variables));
  return (variables) => {
    let total = constant;
    for (const part of parts) total += part(variables);
    return within(total);
  };
}

export function product(a: Term, b: Term): Term {
  if (a === 0 || b === 0) return 0;
  if (a === 1) return b;
  if (b === 1) return a;
  if (typeof a === 'number') return typeof b === 'number' ? within(a * b) : (variables) => within(a * b(variables));
  return typeof b === 'number' ? (variables) => within(a(variables) * b) : (variables) => within(a(variables) * b(variables));
}

export function maximum(terms: readonly Term[]): Term {
  const constant = Math.max(0, ...terms.filter((term) => typeof term === 'number'));
  const parts = terms.filter((term) => typeof term !== 'number');
  if (parts.length === 0) return constant;
  return (variables) => {
    let most = constant;
    for (const part of parts) most = Math.max(most, part(variables));
    return most;
  };
}
