const ANONYMOUS = '(anonymous)';
const OTHER = '(other)';

/** Names as metric labels: the first `limit` distinct ones stand for themselves, all later ones are `(other)`. */
export function createBoundedNames(limit: number): (name: string | undefined) => string {
  const known = new Set<string>();
  return (name) => {
    if (name === undefined) return ANONYMOUS;
    if (known.has(name)) return name;
    if (known.size >= limit) return OTHER;
    known.add(name);
    return name;
  };
}
