type Headers = { readonly [name: string]: string | string[] | undefined };

/**
 * Picks the headers of a client that are passed on to subgraphs; undefined when there are none to pick from.
 * `names`: in lower case; `FORWARD_HEADERS` refuses those that cannot be passed on.
 */
export function createHeaderPicker(names: readonly string[]): (headers: Headers) => Readonly<Record<string, string>> | undefined {
  if (names.length === 0) return () => undefined;
  return (headers) => {
    const forwarded: Record<string, string> = {};
    for (const name of names) {
      const value = headers[name];
      if (value !== undefined) forwarded[name] = Array.isArray(value) ? value.join(', ') : value;
    }
    return forwarded;
  };
}
