type Headers = { readonly [name: string]: string | string[] | undefined };

/** Headers that belong to one connection, or say what the gateway says itself. */
const NEVER_FORWARDED = new Set([
  'connection',
  'content-length',
  'content-type',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Picks the headers of a client that are passed on to subgraphs; undefined when there are none to pick from.
 * @throws Error for a name that must not be passed on
 */
export function createHeaderPicker(names: readonly string[]): (headers: Headers) => Readonly<Record<string, string>> | undefined {
  const picked = names.map((name) => name.toLowerCase());
  for (const name of picked) {
    if (NEVER_FORWARDED.has(name)) throw new Error(`The header "${name}" cannot be passed on to subgraphs.`);
  }
  if (picked.length === 0) return () => undefined;
  return (headers) => {
    const forwarded: Record<string, string> = {};
    for (const name of picked) {
      const value = headers[name];
      if (value !== undefined) forwarded[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    return forwarded;
  };
}
