const BYTE_ORDER_MARK = '\uFEFF';
const POISON = '__proto__';

/**
 * Parses JSON from a client.
 *
 * A byte order mark is passed over. A key `__proto__` is refused at any depth: it is harmless here, but code that copies variables
 * key by key, in a subgraph too, would change the prototype of the copy.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);
  // A key can be spelled with escapes; only then, or where its name stands in the text, is looking at every key worth it.
  if ((text.includes(POISON) || text.includes('\\u')) && holdsPoison(value)) throw new SyntaxError(`The key ${POISON} is not allowed.`);
  return value;
}

/** Without recursion: the depth is the client's. */
function holdsPoison(root: unknown): boolean {
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (Object.hasOwn(value, POISON)) return true;
    for (const child of Object.values(value)) left.push(child);
  }
  return false;
}
