/** Clients are few kinds and send the same headers again; invented ones must not fill the memory. */
const ENTRIES = 500;

/** Keeps what `read` made of a header, which is a pure function of its text. */
export function remembered<T>(read: (header: string) => T): (header: string) => T {
  const known = new Map<string, T>();
  return (header) => {
    const found = known.get(header);
    if (found !== undefined) return found;
    const made = read(header);
    if (known.size >= ENTRIES) known.clear();
    known.set(header, made);
    return made;
  };
}
