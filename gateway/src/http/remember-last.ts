/** A longer text is not kept: it would stay in memory for nothing most of the time. */
const MAX_CHARACTERS = 65_536;

/** Keeps what `read`, a pure function, made of the last text; callers must not change it. What it throws is not kept. */
export function rememberLast<T>(read: (text: string) => T): (text: string) => T {
  let last: { readonly text: string; readonly made: T } | undefined;
  return (text) => {
    if (last?.text === text) return last.made;
    const made = read(text);
    if (text.length <= MAX_CHARACTERS) last = { text, made };
    return made;
  };
}
